import type { Cell, CellOutcome } from "../cells/cell.ts";

/** An import binding of the notebook's scope: `import { a as b } from "m"` is `{ local: "b", specifier: "m", imported: "a" }`. */
export interface ImportBinding {
  readonly local: string;
  readonly specifier: string;
  /** The exported name, `default`, or `*` for the namespace. */
  readonly imported: string;
}

/** JavaScript ready to run in the notebook's scope; its lines are the cell's lines. */
export interface EngineCode {
  readonly code: string;
  readonly imports: readonly ImportBinding[];
  /** Whether the value of the last expression is shown as the cell's result. */
  readonly showResult: boolean;
}

/** The kernel's handle on the process that runs user code. */
export interface Engine {
  /** Runs code in the notebook's scope. All output of the cell has been handed to `cell.output` when this resolves. */
  evaluate(cell: Cell, code: EngineCode): Promise<CellOutcome>;
  /**
   * Asks an engine part (`rust.load`); output that the part emits goes to `cell`. Rejects with the part's error,
   * or with `EngineDied`. Parameters and result cross by structured clone.
   */
  call(cell: Cell, method: string, params: unknown): Promise<unknown>;
  /** Stops what runs now and keeps the state. */
  interrupt(): void;
}
