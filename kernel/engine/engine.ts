import type { Cell, CellError, CellOutcome } from "../cells/cell.ts";
import type { SourceMap } from "../typescript/edits.ts";

/** An import binding of the notebook's scope: `import { a as b } from "m"` is `{ local: "b", specifier: "m", imported: "a" }`. */
export interface ImportBinding {
  readonly local: string;
  readonly specifier: string;
  /** The exported name, `default`, or `*` for the namespace. */
  readonly imported: string;
}

/** A name that a cell declares, and its 1-based line in the cell. */
export interface Declaration {
  readonly name: string;
  readonly line: number;
}

/** JavaScript ready to run in the notebook's scope; its lines are the cell's lines. */
export interface EngineCode {
  /** Scripts to evaluate one after the other before `code`: the cell's hoisted functions. */
  readonly hoisted?: readonly string[];
  readonly code: string;
  /** Maps positions of `hoisted` and `code` to the cell where they differ; lines and columns of a standard source map. */
  readonly sourceMap?: SourceMap;
  readonly imports: readonly ImportBinding[];
  /** What it declares in the notebook's scope, imports included. */
  readonly declared?: readonly Declaration[];
  /** Whether the value of the last expression is shown as the cell's result. */
  readonly showResult: boolean;
  /** The value is shown and not kept: `_` stays what it was. */
  readonly aside?: boolean;
}

/** What `Engine.call` rejects with: the part's error as the front end shows it, and its own cloneable fields. */
export class CallFailed extends Error {
  readonly error: CellError;
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(error: CellError, fields: Readonly<Record<string, unknown>>) {
    super(error.evalue);
    this.name = error.ename;
    this.error = error;
    this.fields = fields;
  }
}

/** The kernel's handle on the process that runs user code. */
export interface Engine {
  /** Runs code in the notebook's scope. All output of the cell has been handed to `cell.output` when this resolves. */
  evaluate(cell: Cell, code: EngineCode): Promise<CellOutcome>;
  /**
   * Asks an engine part (`rust.load`); output that the part emits goes to `cell`. Rejects with `CallFailed`,
   * or with the catalogue's `engineDied`. Parameters and result cross by structured clone.
   */
  call(cell: Cell, method: string, params: unknown): Promise<unknown>;
  /** Stops what runs now and keeps the state. */
  interrupt(): void;
  /** Ends the process with all that user code left running, for the reason given, a sentence; a fresh one takes over. */
  restart(reason: string): Promise<void>;
}
