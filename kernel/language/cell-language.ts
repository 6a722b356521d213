/** What the language server knows of open notebooks, and what each of its languages offers. Types and names are LSP's. */
import type {
  CancellationToken,
  ClientCapabilities,
  CodeAction,
  CodeActionContext,
  CompletionContext,
  CompletionItem,
  CompletionList,
  Definition,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  FormattingOptions,
  Hover,
  InlayHint,
  Location,
  LocationLink,
  Position,
  Range,
  SelectionRange,
  SignatureHelp,
  SignatureHelpContext,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";

/** What the client says at the start, beside LSP's own. */
export interface InitializationOptions {
  /** Whether the workspace is trusted; `tandem/trusted` tells that it became so. */
  readonly trusted?: boolean;
  /** The rust-analyzer that an extension of the editor brings. */
  readonly rustAnalyzer?: string;
}

/** A code cell as it stands in the editor. */
export interface EditedCell {
  readonly uri: string;
  /** VS Code's id: `tandem-typescript`, `rust`, `python`. */
  readonly language: string;
  readonly text: string;
  /** Among the notebook's code cells, from 0. */
  readonly index: number;
}

/** An open notebook of ours at one moment; every change makes a new one. */
export interface EditedNotebook {
  readonly uri: string;
  /** Where its imports are resolved from; absolute. */
  readonly folder: string;
  readonly cells: readonly EditedCell[];
}

/** What a request is about. */
export interface CellRequest {
  readonly notebook: EditedNotebook;
  readonly cell: EditedCell;
  readonly token: CancellationToken;
}

export interface PlaceRequest extends CellRequest {
  readonly position: Position;
}

export interface RangeRequest extends CellRequest {
  readonly range: Range;
}

/** A token with its range; on one line. Type and modifiers are indices and bits of `semanticTokensLegend`. */
export interface SemanticToken {
  readonly line: number;
  readonly character: number;
  readonly length: number;
  readonly type: number;
  readonly modifiers: number;
}

/**
 * One of the server's languages. Each is asked in turn; `undefined` hands the question on to the next, and what is
 * left out is never asked. Lists (symbols, folds, tokens, hints, actions) are those of all languages together.
 */
export interface CellLanguage {
  /** Names the owner of its diagnostics. */
  readonly name: string;
  /** A notebook was opened or changed; `cells`: those whose text is new. Diagnostics are published from here. */
  changed?(notebook: EditedNotebook, cells: readonly EditedCell[]): void;
  closed?(notebook: EditedNotebook): void;
  /** The workspace is trusted now: tools of the folder may run from here on. */
  trusted?(): void;
  /** Files on disk changed that cells or tools may read. */
  filesChanged?(): void;
  settingsChanged?(): Promise<void>;
  completion?(at: PlaceRequest, context?: CompletionContext): Promise<CompletionList | undefined>;
  /** `item.data` is what the language put there. */
  resolveCompletion?(item: CompletionItem, token: CancellationToken): Promise<CompletionItem>;
  hover?(at: PlaceRequest): Promise<Hover | undefined>;
  signatureHelp?(at: PlaceRequest, context?: SignatureHelpContext): Promise<SignatureHelp | undefined>;
  definition?(at: PlaceRequest): Promise<Definition | LocationLink[] | undefined>;
  typeDefinition?(at: PlaceRequest): Promise<Definition | LocationLink[] | undefined>;
  implementation?(at: PlaceRequest): Promise<Definition | LocationLink[] | undefined>;
  references?(at: PlaceRequest, includeDeclaration: boolean): Promise<Location[] | undefined>;
  highlights?(at: PlaceRequest): Promise<DocumentHighlight[] | undefined>;
  prepareRename?(at: PlaceRequest): Promise<{ range: Range; placeholder: string } | undefined>;
  /** Throws a ResponseError that says why a name cannot be changed. */
  rename?(at: PlaceRequest, newName: string): Promise<WorkspaceEdit | undefined>;
  symbols?(of: CellRequest): Promise<DocumentSymbol[]>;
  folds?(of: CellRequest): Promise<FoldingRange[]>;
  selectionRanges?(of: CellRequest, positions: readonly Position[]): Promise<SelectionRange[] | undefined>;
  semanticTokens?(of: CellRequest): Promise<SemanticToken[]>;
  inlayHints?(of: RangeRequest): Promise<InlayHint[]>;
  codeActions?(of: RangeRequest, context: CodeActionContext): Promise<CodeAction[]>;
  resolveCodeAction?(action: CodeAction, token: CancellationToken): Promise<CodeAction>;
  /** Edits that format the cell, or the range of it. */
  format?(of: CellRequest & { range?: Range }, options: FormattingOptions): Promise<TextEdit[] | undefined>;
}

/** What the server gives its languages. */
export interface LanguageHost {
  /** Whether tools of the folder (compilers, formatters, plugins) may run. Asked each time: it may become true. */
  readonly isTrusted: boolean;
  /** What the client can do. */
  readonly capabilities: ClientCapabilities;
  /** What it said at the start. */
  readonly options: InitializationOptions;
  /** The notebook as it is now. */
  notebook(uri: string): EditedNotebook | undefined;
  /** Replaces what a language (by its `name`) has said of a cell. */
  publish(cell: string, language: string, diagnostics: readonly Diagnostic[]): void;
  /** The editor's settings, a value for each section; null where it has none. */
  settings(sections: readonly string[]): Promise<unknown[]>;
  log(text: string): void;
  /** Shows a message to the user, who did not ask for it: rarely, and once. */
  warn(text: string): void;
}

export type MakeLanguages = (host: LanguageHost) => readonly CellLanguage[];
