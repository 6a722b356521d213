import { Engines } from "../engine/engines.ts";
import { isComplete } from "../typescript/is-complete.ts";
import type { Completions, Inspection } from "../typescript/service.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Cell, CellError, CellOutcome, CellOutput } from "./cell.ts";
import { completeMagic, type ViewPlace, viewPlace } from "./completion.ts";
import { toCellError } from "./failure.ts";
import { noOutput } from "./no-output.ts";
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
      this.#queue.addFirst(run, () => resolve({ error: aborted }));
    });
  }

  async complete(text: string, offset: number): Promise<Completions> {
    const nothing: Completions = { start: offset, end: offset, matches: [] };
    const ofMagic = completeMagic(text, offset);
    if (ofMagic) return ofMagic;
    const place = await this.#place(text, offset);
    if (!place) return nothing;
    const found = await this.#session.types.complete(place.text, place.offset).catch(() => nothing);
    return { start: place.back(found.start), end: place.back(found.end), matches: found.matches };
  }

  async inspect(text: string, offset: number): Promise<Inspection | undefined> {
    const place = await this.#place(text, offset);
    return place && this.#session.types.inspect(place.text, place.offset).catch(() => undefined);
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

  /** Where the type service sees a place of a cell that is being written; such a cell may have errors of any kind. */
  #place(text: string, offset: number): Promise<ViewPlace | undefined> {
    return viewPlace(text, offset, this.#number + 1, this.#session).catch(() => undefined);
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
