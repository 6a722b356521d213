import { count, duration } from "../display/words.ts";
import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import type { Surroundings } from "./capture/surroundings.ts";
import { COLD_START, WARM_START } from "./dispatch/decide.ts";
import { type Dispatched, dispatch } from "./dispatch/dispatch.ts";
import type { Ended } from "./dispatch/job.ts";
import type { Pool } from "./dispatch/pool.ts";
import { type ItemFailure, Results } from "./dispatch/results.ts";
import { type Source, sourceOf } from "./dispatch/source.ts";
import { bytes, copied, explain } from "./explain.ts";
import { type Probed, runInPlace } from "./in-place.ts";
import type { RunOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import type { Step } from "./protocol.ts";
import { withRetries } from "./retries.ts";
import { receiveThrown } from "./values/thrown.ts";

/** Data in the surroundings, in bytes: above the first it is named, above the second the run is refused. */
const MUCH_COPIED = 10e6;
const MOST_COPIED = 500e6;

/** What a run needs of the engine. */
export interface RunHost {
  readonly context: EngineContext;
  readonly pool: Pool;
  /** Finds a function's surroundings; throws where some of them cannot travel. */
  survey(fn: RunRequest["fn"]): Surroundings;
}

export interface RunRequest {
  readonly items: unknown;
  readonly fn: (item: unknown, index: number) => unknown;
  readonly options: RunOptions;
  /** Whether a line says how the run went. */
  readonly report: boolean;
  /** Gets what there is when the run ends early. */
  keep(partial: unknown[]): string;
}

/** Results of a run that kept going: empty places where an item failed, and the failures. */
export type ResultsWithFailures = unknown[] & { failures: readonly ItemFailure[] };

/** Applies a function to items, in parallel where that is faster. Throws the first failing item's own error. */
export async function runParallel(host: RunHost, request: RunRequest): Promise<unknown[]> {
  const { context } = host;
  const { options, fn } = request;
  const { signal } = context;
  const source = sourceOf(request.items);
  // Workers get started while the surroundings are looked at.
  if (sendsAll(options)) host.pool.take(Math.min(options.workers, source.size ?? options.workers));
  const surroundings = host.survey(fn);
  if (options.explain) context.display({ "text/plain": explain(surroundings.steps().steps) });
  const results = new Results(source.size);
  for (const { name, by, place } of surroundings.changes)
    context.stream("stderr", changeWarning(name, by, place));
  const run = new Run(host, request, source, surroundings, results);
  // User code that V8 terminates never comes back here: what is done so far is kept by this.
  const onAbort = () => {
    run.interrupted();
    endProgress();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const endProgress = showProgress(context, {
    total: source.size,
    done: () => run.done,
    workers: options.workers,
  });
  const began = performance.now();
  try {
    const ended = await run.go(signal);
    endProgress();
    run.finish(ended, performance.now() - began);
  } finally {
    endProgress();
    signal.removeEventListener("abort", onAbort);
  }
  if (options.keepGoing) return Object.assign(results.values, { failures: results.inOrder() });
  return results.values;
}

/** A time limit needs a worker: the main thread cannot end what it is in the middle of. */
const sendsAll = ({ force, timeout }: RunOptions) => force || timeout !== undefined;

type Outcome = Ended | Extract<Probed, { how: "sequential" }>;

class Run {
  readonly #host: RunHost;
  readonly #request: RunRequest;
  readonly #source: Source;
  readonly #surroundings: Surroundings;
  readonly #results: Results;
  #dispatched: Dispatched | undefined;
  #told = false;

  constructor(
    host: RunHost,
    request: RunRequest,
    source: Source,
    surroundings: Surroundings,
    results: Results,
  ) {
    this.#host = host;
    this.#request = request;
    this.#source = source;
    this.#surroundings = surroundings;
    this.#results = results;
  }

  get done(): number {
    return this.#dispatched?.done() ?? this.#results.done;
  }

  async go(signal: AbortSignal): Promise<Outcome> {
    const { options, fn } = this.#request;
    if (sendsAll(options)) return await this.#dispatch(0, undefined, signal);
    const probed = await runInPlace({
      source: this.#source,
      fn: withRetries(fn, options.retries),
      results: this.#results,
      keepGoing: options.keepGoing,
      workers: options.workers,
      start: this.#host.pool.size >= options.workers ? WARM_START : COLD_START,
      signal,
    });
    return probed.how === "parallel" ? await this.#dispatch(probed.from, probed.perItem, signal) : probed;
  }

  /** Says how it went; throws what the run failed for. */
  finish(ended: Outcome, ms: number): void {
    const { done } = this.#results;
    const failures = this.#results.inOrder();
    if (ended.how === "stopped") {
      this.interrupted();
      throw Object.assign(new Error("The cell was interrupted. Its variables keep what they held."), {
        name: "Interrupted",
      });
    }
    if (ended.how === "error") {
      if (done > 0) this.#say(`${this.#progress()} when it failed; ${this.#keep()}`);
      throw ended.error;
    }
    const [first] = failures;
    if (ended.how === "failed" && first) {
      this.#say(`Item ${first.index} failed. ${this.#progress()}; ${this.#keep()}`);
      throw withIndex(first);
    }
    if (failures.length > 0) this.#say(listFailures(failures, this.#source.size ?? done + failures.length));
    if (this.#request.report) this.#report(ended, ms);
  }

  /** Keeps what is done, and says so, once. */
  interrupted(): void {
    // While workers run, their last results are still to come.
    if (this.#told || this.#dispatched) return;
    this.#told = true;
    this.#say(`Interrupted: ${this.#progress()}; ${this.#keep()}`);
  }

  async #dispatch(from: number, perItem: number | undefined, signal: AbortSignal): Promise<Ended> {
    const { pool, context } = this.#host;
    const { workers, chunk, timeout, keepGoing, retries } = this.#request.options;
    const { steps, root } = this.#surroundings.steps();
    this.#checkSize(steps);
    return await pool.exclusive(async (run) => {
      this.#dispatched = dispatch(pool, run, {
        steps,
        root,
        source: this.#source,
        from,
        results: this.#results,
        workers: Math.max(
          1,
          Math.min(workers, this.#source.size === undefined ? workers : this.#source.size - from),
        ),
        chunk,
        perItem,
        timeout,
        keepGoing,
        retries,
        signal,
        stream: (name, text) => context.stream(name, text),
        display: (data) => context.display(data),
        receive: (sent) => receiveThrown(sent, (name) => this.#classOf(name)),
      });
      const ended = await this.#dispatched.ended;
      this.#dispatched = undefined;
      return ended;
    });
  }

  /** Names what makes a large copy for each worker; throws where it is too large. */
  #checkSize(steps: readonly Step[]): void {
    const { total, names } = copied(steps);
    if (total > MOST_COPIED) throw fail("parallelTooLarge", bytes(total), names());
    if (total > MUCH_COPIED)
      this.#say(
        `${bytes(total)} are copied to each worker: ${names().join(", ")}. Typed arrays would be shared instead.`,
      );
  }

  /** An error class by its name: of the notebook, or of the language. */
  #classOf(name: string): unknown {
    if (name === "TandemError") return undefined;
    try {
      return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? this.#host.context.read(name) : undefined;
    } catch {
      return undefined;
    }
  }

  #progress(): string {
    const { size } = this.#source;
    const { done } = this.#results;
    return `${count(done)}${size === undefined ? "" : ` of ${count(size)}`} items were done`;
  }

  #keep(): string {
    return this.#request.keep(this.#results.values);
  }

  #say(text: string): void {
    this.#host.context.stream("stderr", `${text}\n`);
  }

  #report(ended: Outcome, ms: number): void {
    const items = `${count(this.#results.done)} item${this.#results.done === 1 ? "" : "s"}`;
    const { workers } = this.#request.options;
    const text =
      ended.how !== "sequential"
        ? `${items} on ${workers} worker${workers === 1 ? "" : "s"} in ${duration(ms)}.`
        : `${items} in sequence in ${duration(ended.ms)}: ${whySequential(workers, ended)}.`;
    this.#host.context.display({ "text/plain": text });
  }
}

function whySequential(workers: number, { there }: { there: number }): string {
  if (workers === 1)
    return "one worker is no faster than the main thread (--force sends items to it all the same)";
  const about = there > 0 ? ` (about ${duration(there)} for the rest)` : "";
  return `sending them to workers would have been slower${about}; --force sends them all the same`;
}

function listFailures(failures: readonly ItemFailure[], total: number): string {
  const shown = failures.slice(0, 10);
  const lines = shown.map(({ index, error }) => `  item ${index}: ${oneLine(error)}`);
  const more = failures.length > shown.length ? [`  and ${count(failures.length - shown.length)} more`] : [];
  return [
    `${count(failures.length)} of ${count(total)} items failed; their places in the result are empty:`,
    ...lines,
    ...more,
  ].join("\n");
}

function changeWarning(name: string, by: string, place: string): string {
  const what = by === "=" ? "is written to" : by === "delete" ? "loses a property" : `is changed by ${by}`;
  return `${name} ${what} (${place}): each worker changes a copy of its own, and ${name} here may stay as it is. Return the values instead.\n`;
}

/** An error and its place in a cell, on one line. */
function oneLine(error: unknown): string {
  const place = error instanceof Error ? /cell-\d+\.\w+:\d+/.exec(error.stack ?? "")?.[0] : undefined;
  return `${String(error).split("\n", 1)[0]}${place ? ` (${place})` : ""}`;
}

/** The item's own error, with the item's index on it where it can hold one. */
function withIndex({ index, error }: ItemFailure): unknown {
  if (error instanceof Error && Object.isExtensible(error) && !("itemIndex" in error))
    Object.assign(error, { itemIndex: index });
  return error;
}

/** Checks what was given to `pmap`. */
export function checkFunction(fn: unknown): asserts fn is (item: unknown, index: number) => unknown {
  if (typeof fn !== "function") throw fail("parallelNoFunction", typeof fn);
}
