import { Engines } from "../engine/engines.ts";
import { isComplete } from "../typescript/is-complete.ts";
import type { Completions, Inspection } from "../typescript/service.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Cell, CellError, CellOutcome, CellOutput } from "./cell.ts";
import { toCellError } from "./failure.ts";
import { Queue } from "./queue.ts";
import type { Completeness, ExecuteOutcome, ExecuteRequest, Requests } from "./requests.ts";
import { runCell } from "./run-cell.ts";
import { KernelSession } from "./session-state.ts";

/** The kernel of one notebook, whatever wire it is reached by. */
export class Kernel implements Requests {
  readonly #session: KernelSession;
  readonly #engines: Engines;
  readonly #queue = new Queue();
  readonly #history: { number: number; source: string }[] = [];
  #number = 0;
  #running: AbortController | undefined;

  /** `folder`: the notebook's, absolute; `bundles`: where engine.cjs and its like are. */
  constructor(folder: string, bundles: string) {
    this.#engines = new Engines(
      folder,
      bundles,
      () => this.#session.engineReplaced(),
      (method, params) => this.#session.answer(method, params),
    );
    this.#session = new KernelSession(folder, this.#engines);
  }

  /** Milliseconds that the engine took from its process's start to taking requests. */
  get ready(): Promise<number> {
    return this.#engines.ready;
  }

  execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    return new Promise((resolve) => {
      const run = async () => {
        const outcome = await this.#execute(request);
        resolve(outcome);
        // Behind its own outcome: clients expect replies in the order of their requests.
        if (outcome.status === "error" && request.stopOnError) this.#queue.abortWaiting();
      };
      this.#queue.add(run, () => resolve({ number: this.#number, status: "aborted" }));
    });
  }

  expression(source: string): Promise<{ data: MimeBundle } | { error: CellError }> {
    return new Promise((resolve) => {
      const run = async () => {
        let data: MimeBundle = { "text/plain": "undefined" };
        const output: CellOutput = {
          ...noOutput,
          result(bundle) {
            data = bundle;
          },
        };
        const outcome = await this.#run(this.#number, `(${source}\n)`, output);
        resolve(outcome.status === "ok" ? { data } : { error: outcome.error });
      };
      const aborted = { ename: "Aborted", evalue: "An earlier cell failed.", traceback: [] };
      this.#queue.add(run, () => resolve({ error: aborted }));
    });
  }

  complete(text: string, offset: number): Promise<Completions> {
    return this.#session.types.complete(text, offset);
  }

  inspect(text: string, offset: number): Promise<Inspection | undefined> {
    return this.#session.types.inspect(text, offset);
  }

  async isComplete(text: string): Promise<Completeness> {
    return text.startsWith("%%") ? { status: "unknown" } : isComplete(text);
  }

  history(): readonly { number: number; source: string }[] {
    return this.#history;
  }

  interrupt(): void {
    this.#running?.abort();
    if (this.#running) {
      this.#engines.interrupt();
      this.#session.interrupted();
    }
    this.#queue.abortWaiting();
  }

  /** A fresh engine in the place of the old one, at once: all variables are gone, execution counts start again. */
  async restart(): Promise<void> {
    this.#queue.abortWaiting();
    this.#running?.abort();
    await Promise.all([this.#engines.restart(), this.#session.restart()]);
    this.#number = 0;
  }

  async close(): Promise<void> {
    this.#queue.abortWaiting();
    await this.#engines.close();
    await this.#session.close();
  }

  async #execute({ source, storeHistory, output, started }: ExecuteRequest): Promise<ExecuteOutcome> {
    const number = storeHistory ? ++this.#number : this.#number;
    if (storeHistory) this.#history.push({ number, source });
    started(number);
    return { number, ...(await this.#run(number, source, output)) };
  }

  async #run(number: number, source: string, output: CellOutput): Promise<CellOutcome> {
    const controller = new AbortController();
    this.#running = controller;
    const cell: Cell = { number, file: `cell-${number}.ts`, source, output, signal: controller.signal };
    try {
      this.#session.cellStarts(cell);
      return await runCell(cell, this.#session);
    } catch (error) {
      return { status: "error", error: toCellError(error) };
    } finally {
      this.#running = undefined;
    }
  }
}

const noOutput: CellOutput = {
  stream() {},
  display() {},
  updateDisplay() {},
  clear() {},
  result() {},
};
