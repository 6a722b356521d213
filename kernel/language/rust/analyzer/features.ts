import {
  type CodeAction,
  type CompletionItem,
  type CompletionList,
  type Definition,
  type DocumentHighlight,
  type DocumentSymbol,
  ErrorCodes,
  type FoldingRange,
  type Hover,
  type InlayHint,
  type Location,
  MarkupContent,
  type Range,
  ResponseError,
  type SelectionRange,
  type SemanticTokens,
  type SignatureHelp,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { CellLanguage, CellRequest, PlaceRequest } from "../../cell-language.ts";
import { decodeTokens } from "../../semantic-tokens.ts";
import { textIn } from "../../typescript/places.ts";
import { renameAlone } from "../rename-alone.ts";
import { sharedPlaceAt } from "../shared-places.ts";
import type { Answer, RustAnalyzer } from "./analyzer.ts";
import { MIRROR_NAMES } from "./mirror.ts";
import {
  cellEdits,
  cellLocation,
  cellSelection,
  cellSymbols,
  cellsEdit,
  isInside,
  plainPaths,
} from "./translate.ts";

/** An item's `data`: the cell that it is of, and rust-analyzer's own. */
interface OfCell {
  readonly cell: string;
  readonly data?: unknown;
}

type Features = Required<
  Pick<
    CellLanguage,
    | "completion"
    | "resolveCompletion"
    | "hover"
    | "signatureHelp"
    | "definition"
    | "typeDefinition"
    | "implementation"
    | "references"
    | "highlights"
    | "prepareRename"
    | "rename"
    | "symbols"
    | "folds"
    | "selectionRanges"
    | "semanticTokens"
    | "inlayHints"
    | "codeActions"
    | "resolveCodeAction"
  >
>;

const NOT_STARTED = "rust-analyzer is started where Rust is installed and the workspace is trusted.";

/** What Rust is completed behind at once; other languages of the server have more. */
const TRIGGERS = [".", ":", "'", "("];

/** What rust-analyzer answers of Rust cells, at the places of the notebook. */
export function analyzerFeatures(analyzer: RustAnalyzer): Features {
  const at = <T>(method: string, place: PlaceRequest, params: object = {}): Promise<Answer<T> | undefined> =>
    // The magic line is none of Rust's.
    place.position.line === 0
      ? Promise.resolve(undefined)
      : analyzer.ask<T>(`textDocument/${method}`, place, { position: place.position, ...params });
  const of = <T>(method: string, cell: CellRequest, params: object = {}) =>
    analyzer.ask<T>(`textDocument/${method}`, cell, params);

  const locations = async (method: string, place: PlaceRequest, params: object = {}) => {
    const answer = await at<Location | Location[]>(method, place, params);
    return answer && [answer.result].flat().flatMap((one) => cellLocation(one, answer.mirror));
  };
  const definitions =
    (method: string) =>
    async (place: PlaceRequest): Promise<Definition | undefined> => {
      const found = await locations(method, place);
      return found && found.length > 0 ? found : undefined;
    };
  /** Who asks for a new name is told why there is none. */
  const needed = (): void => {
    if (analyzer.missing !== undefined) throw new ResponseError(ErrorCodes.InvalidRequest, analyzer.missing);
  };

  return {
    async completion(place, context) {
      const { triggerCharacter = "." } = context ?? {};
      if (!TRIGGERS.includes(triggerCharacter)) return undefined;
      const answer = await at<CompletionList | CompletionItem[]>("completion", place, context && { context });
      if (!answer) return undefined;
      const list = Array.isArray(answer.result)
        ? { isIncomplete: true, items: answer.result }
        : answer.result;
      const items = list.items.filter((item) => !namesMirror(item)).map((item) => ofCell(item, place));
      return { isIncomplete: list.isIncomplete, items };
    },

    async resolveCompletion(item, token) {
      // It is what `completion` put there.
      const { cell, data } = item.data as OfCell;
      const answer = await analyzer.resolve<CompletionItem>(
        "completionItem/resolve",
        cell,
        { ...item, data },
        token,
      );
      const found = answer?.mirror.notebook.cells.find(({ uri }) => uri === cell);
      if (!answer || !found) return item;
      const { additionalTextEdits: edits, documentation, ...rest } = answer.result;
      return {
        ...item,
        ...rest,
        ...(documentation !== undefined && { documentation }),
        ...(edits && { additionalTextEdits: cellEdits(edits, found) }),
      };
    },

    async hover(place) {
      const answer = await at<Hover>("hover", place);
      const { contents, range } = answer?.result ?? {};
      if (contents === undefined || !MarkupContent.is(contents)) return undefined;
      const value = plainPaths(contents.value);
      return { contents: { kind: contents.kind, value }, ...(range && { range }) };
    },

    async signatureHelp(place, context) {
      return (await at<SignatureHelp>("signatureHelp", place, context && { context }))?.result;
    },

    definition: definitions("definition"),
    typeDefinition: definitions("typeDefinition"),
    implementation: definitions("implementation"),
    references: (place, includeDeclaration) =>
      locations("references", place, { context: { includeDeclaration } }),

    async highlights(place) {
      const answer = await at<DocumentHighlight[]>("documentHighlight", place);
      return answer?.result.filter(({ range }) => isInside(range, place.cell));
    },

    async prepareRename(place) {
      const answer = await at<Range | { range: Range }>("prepareRename", place);
      if (!answer) {
        const declared =
          place.position.line > 0 ? sharedPlaceAt(place.cell, place.position)?.range : undefined;
        if (declared) return { range: declared, placeholder: textIn(place.cell.text, declared) };
        needed();
        return undefined;
      }
      const range = "range" in answer.result ? answer.result.range : answer.result;
      return { range, placeholder: textIn(place.cell.text, range) };
    },

    async rename(place, newName) {
      const answer = await at<WorkspaceEdit>("rename", place, { newName });
      if (!answer) {
        if (place.token.isCancellationRequested) return undefined;
        const alone = renameAlone(place, newName, analyzer.missing ?? NOT_STARTED);
        if (!alone) needed();
        return alone;
      }
      const edit = cellsEdit(answer.result, answer.mirror);
      if (edit) return edit;
      throw new ResponseError(ErrorCodes.InvalidRequest, "It is declared outside of the notebook's cells.");
    },

    async symbols(cell) {
      const answer = await of<DocumentSymbol[]>("documentSymbol", cell);
      return answer ? cellSymbols(answer.result, cell.cell) : [];
    },

    async folds(cell) {
      const answer = await of<FoldingRange[]>("foldingRange", cell);
      const last = cell.cell.text.split("\n").length - 1;
      return (answer?.result ?? []).filter(({ startLine, endLine }) => startLine > 0 && endLine <= last);
    },

    async selectionRanges(cell, positions) {
      const answer = await of<SelectionRange[]>("selectionRange", cell, { positions });
      return answer?.result.map((one) => cellSelection(one, cell.cell));
    },

    async semanticTokens(cell) {
      const answer = await of<SemanticTokens>("semanticTokens/full", cell);
      const last = cell.cell.text.split("\n").length - 1;
      return decodeTokens(answer?.result.data ?? [], analyzer.legend).filter(
        ({ line }) => line > 0 && line <= last,
      );
    },

    async inlayHints({ range, ...cell }) {
      const answer = await of<InlayHint[]>("inlayHint", cell, { range });
      return (answer?.result ?? []).flatMap(({ position, label, kind, paddingLeft, paddingRight }) => {
        if (!isInside({ start: position, end: position }, cell.cell)) return [];
        // The parts' places are the mirror's.
        const text = typeof label === "string" ? label : label.map(({ value }) => value).join("");
        return [
          {
            position,
            label: text,
            ...(kind !== undefined && { kind }),
            ...(paddingLeft !== undefined && { paddingLeft }),
            ...(paddingRight !== undefined && { paddingRight }),
          },
        ];
      });
    },

    async codeActions({ range, ...cell }, { only, triggerKind }) {
      if (range.start.line === 0) return [];
      const context = { diagnostics: [], ...(only && { only }), ...(triggerKind && { triggerKind }) };
      const answer = await of<CodeAction[]>("codeAction", cell, { range, context });
      return (answer?.result ?? []).flatMap((action) => {
        // A module of a cell's own file is the mirror's matter.
        if (/module to file|to mod\.rs/i.test(action.title)) return [];
        if (!action.edit) return [ofCell(withoutCommand(action), cell)];
        const edit = answer && cellsEdit(action.edit, answer.mirror);
        return edit ? [ofCell({ ...withoutCommand(action), edit }, cell)] : [];
      });
    },

    async resolveCodeAction(action, token) {
      // It is what `codeActions` put there.
      const { cell, data } = action.data as OfCell;
      if (data === undefined) return action;
      const answer = await analyzer.resolve<CodeAction>(
        "codeAction/resolve",
        cell,
        { ...action, data },
        token,
      );
      const edit = answer?.result.edit && cellsEdit(answer.result.edit, answer.mirror);
      return edit ? { ...action, edit } : action;
    },
  };
}

/** With the cell, so that it can be completed later. Commands are those of rust-analyzer's own editor extension. */
function ofCell<T extends { data?: unknown }>(item: T, { cell }: CellRequest): T {
  const data: OfCell = { cell: cell.uri, data: item.data };
  return { ...item, data };
}

function withoutCommand({ command: _, ...action }: CodeAction): CodeAction {
  return action;
}

/** Whether an item is the mirror's own, or imports what the notebook declares below. */
function namesMirror({ label, detail, labelDetails, data }: CompletionItem): boolean {
  const said = [label, detail, labelDetails?.detail, labelDetails?.description, importOf(data)];
  return said.some((text) => text !== undefined && MIRROR_NAMES.test(text));
}

/** What would be imported, as rust-analyzer notes it in an item. */
const importOf = (data: unknown): string | undefined =>
  JSON.stringify((data as { imports?: unknown })?.imports);
