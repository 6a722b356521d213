import { Engines } from "../engine/engines.ts";
import { Interrupted } from "../engine/interrupted.ts";
import { fail } from "../errors.ts";
import { endOf } from "../recover/magic.ts";
import type { Completions, Inspection, TypeService } from "../typescript/service.ts";
import { transformCell } from "../typescript/transform.ts";
import type { MimeBundle } from "../wire/message.ts";
import { bodyPlace } from "./body-place.ts";
import type { AskForInput, Cell, CellError, CellOutcome, CellOutput, CommMessage } from "./cell.ts";
import { comms } from "./comms.ts";
import { completeness } from "./completeness.ts";
import { completeMagic, inspectMagic, type ViewPlace, viewPlace } from "./completion.ts";
import { Diagnoser } from "./diagnose.ts";
import { toCellError } from "./failure.ts";
import type { HistoryEntry, HistoryQuery } from "./history/select.ts";
import { History } from "./history/store.ts";
import type { CellDiagnostic } from "./magic.ts";
import { noOutput } from "./no-output.ts";
import { noTypes } from "./no-types.ts";
import { LimitedOutput } from "./output/limited-output.ts";
import { Queues } from "./queues.ts";
import type { Completeness, ExecuteOutcome, ExecuteRequest, Requests } from "./requests.ts";
import { runCell } from "./run-cell.ts";
import { KernelSession } from "./session-state.ts";
import { VariableInspector } from "./variables.ts";
import { withResult } from "./with-result.ts";

interface Running {
  readonly cell: Cell;
  readonly controller: AbortController;
  /** It was interrupted and went on. */
  deaf: boolean;
}

/** How long an interrupted cell may go on before the user is told, and how much longer before its engine is ended, in ms. */
const HEEDED_WITHIN = 2000;
const ENDED_AFTER = 5000;

/** The kernel of one notebook, whatever wire it is reached by. */
export class Kernel implements Requests {
  readonly #session: KernelSession;
  readonly #engines: Engines;
  readonly subshells = new Queues();
  readonly #history: History;
  readonly #diagnoser: Diagnoser;
  readonly #inspector = new VariableInspector();
  #number = 0;
  /** The latest last; more than one only where a subshell runs beside. */
  readonly #running = new Set<Running>();

  /**
   * `folder`: the notebook's, absolute; `bundles`: where engine.cjs and its like are. Without `types` cells run
   * unchecked. `history`: where cells are kept; this kernel's memory if left out.
   */
  constructor(
    folder: string,
    bundles: string,
    types: TypeService = noTypes,
    history: History = new History(),
  ) {
    this.#history = history;
    this.#engines = new Engines(
      folder,
      bundles,
      (culprit) => this.#session.engineReplaced(culprit),
      (method, params) => this.#session.answer(method, params),
    );
    this.#session = new KernelSession(folder, this.#engines, types, history);
    this.#diagnoser = new Diagnoser(this.#session);
  }

  /** Milliseconds that the engine took from its process's start to taking requests. */
  get ready(): Promise<number> {
    return this.#engines.ready;
  }

  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    this.#engines.wake();
    const queue = this.subshells.of(request.subshell);
    return new Promise((resolve) => {
      const run = async () => {
        const outcome = await this.#execute(request);
        // Who sends the next request still listens: what is said of this one may come during that.
        const rest = Promise.race([outcome.rest, queue.another()]);
        resolve({ ...outcome, rest });
        // Behind its own outcome: clients expect replies in the order of their requests.
        if (outcome.status === "error" && request.stopOnError) queue.abortWaiting();
        await rest;
      };
      queue.add(run, () => resolve({ number: this.#number, status: "aborted" }));
    });
  }

  expression(source: string, subshell?: string): Promise<{ data: MimeBundle } | { error: CellError }> {
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
          return this.#session.engine.evaluate({ ...cell, file: "expression.ts" }, { ...code, aside: true });
        });
        resolve(outcome.status === "ok" ? { data } : { error: outcome.error });
      };
      const aborted = { ename: "Aborted", evalue: "An earlier cell failed.", traceback: [] };
      this.subshells.of(subshell).addFirst(run, () => resolve({ error: aborted }));
    });
  }

  async complete(text: string, offset: number): Promise<Completions> {
    const nothing: Completions = { start: offset, end: offset, matches: [] };
    const ofMagic = completeMagic(text, offset, this.#session.folder);
    if (ofMagic) return ofMagic;
    const body = bodyPlace(text, offset, this.#number + 1);
    if (body?.magic.complete) {
      const { magic, cell, start } = body;
      const found = await magic.complete?.(cell, body.offset, this.#session).catch(() => undefined);
      return found ? { ...found, start: start + found.start, end: start + found.end } : nothing;
    }
    const place = await this.#place(text, offset);
    if (!place) return nothing;
    const found = await this.#session.types.complete(place.text, place.offset).catch(() => nothing);
    return { start: place.back(found.start), end: place.back(found.end), matches: found.matches };
  }

  async inspect(text: string, offset: number): Promise<Inspection | undefined> {
    const ofMagic = inspectMagic(text, offset);
    if (ofMagic) return ofMagic;
    const body = bodyPlace(text, offset, this.#number + 1);
    if (body?.magic.inspect)
      return body.magic.inspect(body.cell, body.offset, this.#session).catch(() => undefined);
    const place = await this.#place(text, offset);
    return place && this.#session.types.inspect(place.text, place.offset).catch(() => undefined);
  }

  async isComplete(text: string): Promise<Completeness> {
    return completeness(text);
  }

  diagnose(text: string, key: string): Promise<readonly CellDiagnostic[] | undefined> {
    return this.#diagnoser.diagnose(text, key);
  }

  history(query: HistoryQuery): Promise<readonly HistoryEntry[]> {
    return this.#history.select(query);
  }

  async comm(message: CommMessage, output: CellOutput): Promise<void> {
    // Handlers beside a running cell print into it; else what they print belongs to the message.
    const cell = [...this.#running].at(-1)?.cell ?? this.#idleCell(output);
    try {
      await this.#session.part(comms).receive(message, cell);
    } catch (error) {
      output.stream("stderr", `${toCellError(error).traceback.join("\n")}\n`);
    }
  }

  comms(): ReadonlyMap<string, string> {
    return this.#session.part(comms).open;
  }

  debug(command: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    const cell = [...this.#running].at(-1)?.cell ?? this.#idleCell(noOutput);
    return this.#inspector.answer(command, params, (method, asked) =>
      this.#session.engine.call(cell, method, asked),
    );
  }

  interrupt(): void {
    this.subshells.abortWaiting();
    const all = [...this.#running];
    // Without a cell, an inspector of variables may have come upon code of the user's.
    if (all.length === 0 && !this.#engines.busy) return;
    if (all.some(({ deaf }) => deaf)) {
      void this.#engines.restart("It did not heed an interrupt, and a second one came.");
      return;
    }
    for (const { controller } of all) controller.abort();
    this.#engines.interrupt();
    this.#session.interrupted();
    for (const running of all) this.#tellIfDeaf(running);
  }

  /** Native code that heeds nothing would keep the notebook for good: the user is told, then its engine is ended. */
  #tellIfDeaf(running: Running): void {
    const goesOn = () => this.#running.has(running) && this.#engines.busy;
    setTimeout(() => {
      if (!goesOn() || running.deaf) return;
      running.deaf = true;
      running.cell.output.stream("stderr", `${fail("notHeeded", ENDED_AFTER / 1000).message}\n`);
      setTimeout(() => {
        if (goesOn()) void this.#engines.restart("It did not heed an interrupt.");
      }, ENDED_AFTER).unref();
    }, HEEDED_WITHIN).unref();
  }

  /** A fresh engine in the place of the old one, at once: all variables are gone, execution counts start again. */
  async restart(): Promise<void> {
    this.subshells.abortWaiting();
    for (const { controller } of this.#running) controller.abort();
    await Promise.all([this.#engines.restart("The kernel was restarted."), this.#session.restart()]);
    this.#number = 0;
  }

  async close(): Promise<void> {
    this.subshells.abortWaiting();
    await this.#engines.close();
    await Promise.all([this.#session.close(), this.#history.close()]);
  }

  /** Where the type service sees a place of a cell that is being written; such a cell may have errors of any kind. */
  async #place(text: string, offset: number): Promise<ViewPlace | undefined> {
    await this.#session.checks.settled();
    return viewPlace(text, offset, this.#number + 1, this.#session).catch(() => undefined);
  }

  async #execute({ source, storeHistory, output, started, input }: ExecuteRequest): Promise<ExecuteOutcome> {
    const number = storeHistory ? ++this.#number : this.#number;
    started(number);
    let result: string | undefined;
    const limited = new LimitedOutput(output, this.#session.settings, number);
    const kept = withResult(limited, (data, metadata) => {
      result = String(data["text/plain"] ?? "");
      limited.result(data, metadata);
    });
    // A cell without a number of its own would take the place of another's types.
    const check = storeHistory;
    let rest = Promise.resolve();
    const work = async (cell: Cell) => {
      const run = await runCell(cell, this.#session, { check });
      rest = run.rest;
      return run.outcome;
    };
    const problem = this.#history.takeProblem();
    if (problem !== undefined) output.stream("stderr", `${fail("historyNotKept", problem).message}\n`);
    const entry = storeHistory ? this.#session.journal.begin(number, source) : undefined;
    const outcome = await this.#run(source, kept, work, input);
    if (entry) entry.end = endOf(outcome);
    await limited.finish();
    if (storeHistory) this.#history.add(number, source, result);
    return { number, rest, ...outcome };
  }

  /** What runs between cells. */
  #idleCell(output: CellOutput): Cell {
    const { signal } = new AbortController();
    return { number: this.#number, file: `cell-${this.#number}.ts`, source: "", output, signal };
  }

  /** Lets `work` run a cell that can be interrupted. Never rejects. */
  async #run(
    source: string,
    output: CellOutput,
    work: (cell: Cell) => Promise<CellOutcome>,
    input?: AskForInput,
  ): Promise<CellOutcome> {
    const controller = new AbortController();
    const number = this.#number;
    const { signal } = controller;
    const file = `cell-${number}.ts`;
    const cell: Cell = {
      number,
      file,
      source,
      output,
      signal,
      ...(input && { input: until(signal, input) }),
    };
    const running = { cell, controller, deaf: false };
    this.#running.add(running);
    try {
      this.#session.cellStarts(cell);
      return await work(cell);
    } catch (error) {
      return { status: "error", error: toCellError(error) };
    } finally {
      this.#running.delete(running);
    }
  }
}

/** The same question, given up on when the cell is interrupted. */
function until(signal: AbortSignal, input: AskForInput): AskForInput {
  return (prompt, password) =>
    new Promise((resolve, reject) => {
      const stop = () => reject(new Interrupted());
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop, { once: true });
      input(prompt, password).then(resolve, reject);
    });
}
