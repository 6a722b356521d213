/** The one interface in front of the TypeScript engine; nothing else in the project imports it. */

export interface Diagnostic {
  /** The cell's file name, as in stacks. */
  file: string;
  /** 1-based, in UTF-16 units. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: "error" | "warning" | "suggestion";
  /** TypeScript's number, 2345. */
  code: number;
  message: string;
}

export interface Completions {
  /** UTF-16 offsets in the cell's text that the chosen text replaces. */
  start: number;
  end: number;
  matches: { text: string; kind: string }[];
}

/** What is known of a name: its type as its language prints it, and its documentation in Markdown. */
export interface Inspection {
  signature: string;
  /** Of the signature, as Markdown names it; `typescript` if left out. */
  language?: string;
  documentation: string;
}

export interface TypeService {
  /** Set where nothing is checked since the compiler is not there. */
  readonly missing?: true;
  /** Diagnostics of a cell against what the committed cells declare. `text` is a `TypeView`'s text or the cell itself. */
  check(file: string, text: string): Promise<Diagnostic[]>;
  /** Makes the cell's top-level declarations known to later cells; a later declaration of a name wins. */
  commit(file: string, text: string): Promise<void>;
  /** `offset` in UTF-16 units. */
  complete(text: string, offset: number): Promise<Completions>;
  inspect(text: string, offset: number): Promise<Inspection | undefined>;
  /** Forgets all cells (restart). */
  reset(): Promise<void>;
  close(): Promise<void>;
}
