import type { Cell, CellOutcome } from "../cells/cell.ts";
import { toCellError } from "../cells/failure.ts";
import { fail, type TandemError } from "../errors.ts";
import { explainExit } from "./death.ts";
import type { Engine, EngineCode } from "./engine.ts";
import { type AskHandler, type EngineExit, EngineExited, EngineProcess } from "./engine-process.ts";
import { Interrupted } from "./interrupted.ts";

/** When the spare is started, in ms after a cell's end: not while the user waits for something. */
const SPARE_DELAY = 300;

/** The engine that runs cells, and a warm spare that takes its place when it dies or is replaced. */
export class Engines implements Engine {
  readonly #folder: string;
  readonly #bundles: string;
  readonly #onReplaced: (culprit?: number) => void;
  readonly #onAsk: AskHandler;
  #current: EngineProcess;
  #spare: EngineProcess | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * `onReplaced` is called when a fresh engine takes over, by death or restart; with the number of the cell that is known to have
   * ended the old one.
   */
  constructor(folder: string, bundles: string, onReplaced: (culprit?: number) => void, onAsk: AskHandler) {
    this.#folder = folder;
    this.#bundles = bundles;
    this.#onReplaced = onReplaced;
    this.#onAsk = onAsk;
    this.#current = this.#start();
  }

  /** Milliseconds that the current engine took from its process's start to taking requests. */
  get ready(): Promise<number> {
    return this.#current.ready;
  }

  /** A cell is about to be run. */
  wake(): void {
    this.#current.wake();
  }

  async evaluate(cell: Cell, code: EngineCode): Promise<CellOutcome> {
    // An interrupt between two requests of a cell is for what it would have gone on with.
    if (cell.signal.aborted) return { status: "error", error: toCellError(new Interrupted()) };
    try {
      return await this.#living().evaluate(cell, code);
    } catch (error) {
      return { status: "error", error: toCellError(this.#explain(error)) };
    } finally {
      this.#prepareSpare();
    }
  }

  async call(cell: Cell, method: string, params: unknown): Promise<unknown> {
    try {
      return await this.#living().call(cell, method, params);
    } catch (error) {
      if (error instanceof EngineExited) throw this.#explain(error);
      throw error;
    } finally {
      this.#prepareSpare();
    }
  }

  interrupt(): void {
    this.#current.interrupt();
  }

  /** Whether user code runs. */
  get busy(): boolean {
    return this.#current.busy;
  }

  /** Ends the engine with all that user code left running, for the reason given, and lets the spare take over. */
  async restart(reason: string): Promise<void> {
    const old = this.#current;
    old.kill(reason);
    await old.exited;
    if (this.#current === old) this.#replace();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#spareTimer);
    const all = [this.#current, ...(this.#spare ? [this.#spare] : [])];
    for (const engine of all) engine.kill("The kernel was shut down.");
    await Promise.all(all.map((engine) => engine.exited));
  }

  #start(): EngineProcess {
    const engine = new EngineProcess(this.#folder, this.#bundles, this.#onAsk);
    let served = false;
    void engine.ready.then(() => {
      served = true;
    });
    void engine.exited.then((exit) => {
      if (this.#spare === engine) this.#spare = undefined;
      // One that never got to serve would fail again and again: the next cell tries once more and says why.
      if (!served || this.#current !== engine || this.#closed) return;
      // Between cells a timer of the user's may end the process, with nobody waiting to be told.
      const { message } = fail("engineDied", explainExit(exit));
      if (exit.idle && exit.reason === undefined) engine.cell?.output.stream("stderr", `${message}\n`);
      this.#replace(cellOf(exit));
    });
    return engine;
  }

  #living(): EngineProcess {
    if (!this.#current.alive && !this.#closed) this.#replace();
    return this.#current;
  }

  #replace(culprit?: number): void {
    this.#current = this.#spare?.alive ? this.#spare : this.#start();
    this.#spare = undefined;
    this.#onReplaced(culprit);
    this.#prepareSpare();
  }

  #prepareSpare(): void {
    clearTimeout(this.#spareTimer);
    if (this.#spare || this.#closed) return;
    this.#spareTimer = setTimeout(() => {
      this.#spare ??= this.#start();
    }, SPARE_DELAY);
  }

  #explain(error: unknown): TandemError {
    if (!(error instanceof EngineExited)) throw error;
    return fail("engineDied", explainExit(error.exit));
  }
}

/** The number of the cell whose line called `process.exit`. */
function cellOf({ where }: EngineExit): number | undefined {
  const [, number] = /^cell-(\d+)\./.exec(where ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
}
