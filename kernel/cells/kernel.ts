import { Engines } from "../engine/engines.ts";
import { fail } from "../errors.ts";
import { isComplete } from "../typescript/is-complete.ts";
import type { Completions, Inspection, TypeService } from "../typescript/service.ts";
import { transformCell } from "../typescript/transform.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Cell, CellError, CellOutcome, CellOutput } from "./cell.ts";
import { completeMagic, type ViewPlace, viewPlace } from "./completion.ts";
import { toCellError } from "./failure.ts";
import { noOutput } from "./no-output.ts";
import { noTypes } from "./no-types.ts";
import { Queue } from "./queue.ts";
import type { Completeness, ExecuteOutcome, ExecuteRequest, Requests } from "./requests.ts";
import { runCell } from "./run-cell.ts";
import { KernelSession } from "./session-state.ts";

interface Running {
  readonly cell: Cell;
  readonly controller: AbortController;
  /** It was interrupted and went on. */
  deaf: boolean;
}

/** How long an interrupted cell may go on before the user is told, in ms. */
const HEEDED_WITHIN = 2000;

/** The kernel of one notebook, whatever wire it is reached by. */
export class Kernel implements Requests {
  readonly #session: KernelSession;
  readonly #engines: Engines;
  readonly #queue = new Queue();
  readonly #history: { number: number; source: string }[] = [];
  #number = 0;
  #running: Running | undefined;

  /**
   * `folder`: the notebook's, absolute; `bundles`: where engine.cjs and its like are. Without `types` cells run
   * unchecked.
   */
  constructor(folder: string, bundles: string, types: TypeService = noTypes) {
    this.#engines = new Engines(
      folder,
      bundles,
      () => this.#session.engineReplaced(),
      (method, params) => this.#session.answer(method, params),
    );
    this.#session = new KernelSession(folder, this.#engines, types);
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
        const outcome = await this.#run(source, output, async (cell) => {
          const code = transformCell(`(${source}\n)`, { file: "expression.ts" });
          return this.#session.engine.evaluate({ ...cell, file: "expression.ts" }, code);
        });
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
    return /^%/m.test(text) ? { status: "unknown" } : isComplete(text);
  }

  history(): readonly { number: number; source: string }[] {
    return this.#history;
  }

  interrupt(): void {
    const running = this.#running;
    this.#queue.abortWaiting();
    if (!running) return;
    if (running.deaf) {
      void this.#engines.restart("It did not heed an interrupt, and a second one came.");
      return;
    }
    running.controller.abort();
    this.#engines.interrupt();
    this.#session.interrupted();
    setTimeout(() => {
      if (this.#running !== running || !this.#engines.busy || running.deaf) return;
      running.deaf = true;
      running.cell.output.stream("stderr", `${fail("notHeeded").message}\n`);
    }, HEEDED_WITHIN).unref();
  }

  /** A fresh engine in the place of the old one, at once: all variables are gone, execution counts start again. */
  async restart(): Promise<void> {
    this.#queue.abortWaiting();
    this.#running?.controller.abort();
    await Promise.all([this.#engines.restart("The kernel was restarted."), this.#session.restart()]);
    this.#number = 0;
  }

  async close(): Promise<void> {
    this.#queue.abortWaiting();
    await this.#engines.close();
    await this.#session.close();
  }

  /** Where the type service sees a place of a cell that is being written; such a cell may have errors of any kind. */
  async #place(text: string, offset: number): Promise<ViewPlace | undefined> {
    await this.#session.checks.settled();
    return viewPlace(text, offset, this.#number + 1, this.#session).catch(() => undefined);
  }

  async #execute({ source, storeHistory, output, started }: ExecuteRequest): Promise<ExecuteOutcome> {
    const number = storeHistory ? ++this.#number : this.#number;
    if (storeHistory) this.#history.push({ number, source });
    started(number);
    // A cell without a number of its own would take the place of another's types.
    const check = storeHistory;
    return {
      number,
      ...(await this.#run(source, output, (cell) => runCell(cell, this.#session, { check }))),
    };
  }

  /** Lets `work` run a cell that can be interrupted. Never rejects. */
  async #run(
    source: string,
    output: CellOutput,
    work: (cell: Cell) => Promise<CellOutcome>,
  ): Promise<CellOutcome> {
    const controller = new AbortController();
    const number = this.#number;
    const cell: Cell = { number, file: `cell-${number}.ts`, source, output, signal: controller.signal };
    this.#running = { cell, controller, deaf: false };
    try {
      this.#session.cellStarts(cell);
      return await work(cell);
    } catch (error) {
      return { status: "error", error: toCellError(error) };
    } finally {
      this.#running = undefined;
    }
  }
}
