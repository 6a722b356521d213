import type { Shown } from "../display/value/shown.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { DisplayOptions } from "./displays.ts";
import type { ImportBinding } from "./engine.ts";

/** What cells took so far, in seconds: by the clock, and of the processor by all threads of the process. */
export interface EngineTime {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
}

/** What a part of the engine (Rust, Python, parallel, measuring) may use of the engine process it lives in. */
export interface EngineContext {
  /** The notebook's folder, absolute. */
  readonly folder: string;
  /** The cell that runs now. */
  readonly cell: { readonly number: number; readonly file: string };
  /** Aborted when the running cell is interrupted; a new signal for each cell. */
  readonly signal: AbortSignal;
  /** Import bindings of the notebook's scope by local name, the latest declaration of each. */
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Where a name was declared last, as in stacks: `cell-7.ts:2`; undefined where no cell declared it. */
  declaredAt(name: string): string | undefined;
  readonly time: EngineTime;
  /** The names that cells declared so far, by magics too. */
  readonly declaredNames: Iterable<string>;
  /** The value of an expression in the notebook's scope, read synchronously (const, let, class and function included). */
  read(expression: string): unknown;
  /** Declares `let name = value` in the notebook's scope, replacing an earlier declaration. */
  define(name: string, value: unknown): void;
  /** Imports as a cell does: relative to the notebook's folder, then its node_modules. */
  importModule(specifier: string): Promise<unknown>;
  /**
   * Asks the part's other half in the kernel (`Part.handlers`): `python.start`. All that cells printed before has been
   * handed on when this resolves. Parameters and value cross by structured clone.
   */
  ask(method: string, params: unknown): Promise<unknown>;
  /** Grows whenever user code prints. */
  readonly printed: number;
  stream(name: "stdout" | "stderr", text: string): void;
  /** Shows something; with an id, in place of what has that id. */
  show(shown: Shown, options?: DisplayOptions): void;
  display(data: MimeBundle, metadata?: Record<string, unknown>, displayId?: string): void;
  updateDisplay(displayId: string, data: MimeBundle, metadata?: Record<string, unknown>): void;
}

/** A part of the engine: what it answers to the kernel and what it puts into the notebook's scope. */
export interface EnginePart {
  /** By the method's name without the part's prefix: part `rust`, handler `load`, is called as `rust.load`. */
  readonly handlers?: Readonly<Record<string, (params: never, context: EngineContext) => unknown>>;
  /** Names that user code finds on globalThis (`py`, `pmap`, `bench`). */
  readonly globals?: (context: EngineContext) => Record<string, unknown>;
}
