import { count, duration } from "../display/words.ts";
import { Interrupted } from "../engine/interrupted.ts";
import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { addLanes, isRecording } from "../timeline/recorder.ts";
import { since } from "../timeline/spans.ts";
import type { Surroundings } from "./capture/surroundings.ts";
import { type Collector, ReduceCollector } from "./dispatch/collect.ts";
import { COLD_START, WARM_START } from "./dispatch/decide.ts";
import { type Dispatched, dispatch } from "./dispatch/dispatch.ts";
import type { Ended, Job } from "./dispatch/job.ts";
import { Pool } from "./dispatch/pool.ts";
import { Results } from "./dispatch/results.ts";
import { type Source, sourceOf } from "./dispatch/source.ts";
import { bytes, copied, explain } from "./explain.ts";
import { type Probed, runInPlace } from "./in-place.ts";
import type { RunOptions } from "./options.ts";
import { showProgress } from "./progress.ts";
import type { SetUp, Step } from "./protocol.ts";
import { withRetries } from "./retries.ts";
import { changeWarning, listFailures, onWorker, whySequential, withIndex } from "./run-texts.ts";
import { TaggedOutput } from "./tagged-output.ts";
import { showTrace, type Timings } from "./trace/show.ts";
import { type Trace, Tracer } from "./trace/tracer.ts";
import { receiveThrown } from "./values/thrown.ts";

/** Data in the surroundings, in bytes: above the first it is named, above the second the run is refused. */
const MUCH_COPIED = 10e6;
const MOST_COPIED = 500e6;

type Combine = (a: unknown, b: unknown) => unknown;

/** What a run needs of the engine. */
export interface RunHost {
  readonly context: EngineContext;
  /** Threads, or processes. */
  pool(isolate: boolean): Pool;
  /** Finds functions' surroundings; throws where some of them cannot travel. */
  survey(fns: readonly ((...args: never[]) => unknown)[], file?: string): Surroundings;
  /** What workers do before anything else. */
  readonly setUps: readonly SetUp[];
  /** How long traced runs took. */
  readonly timings: Timings;
}

export interface RunRequest {
  readonly items: unknown;
  readonly fn: (item: unknown, index: number) => unknown;
  readonly combine?: Combine;
  /** Makes what becomes of results, for so many items. */
  readonly collector: (size: number | undefined) => Collector;
  readonly options: RunOptions;
  /** Whether a line says how the run went. */
  readonly report: boolean;
  /** The cell's name in stacks, of a cell. */
  readonly file?: string | undefined;
  /** Gets what there is when the run ends early; says where it is. */
  keep(partial: unknown): string;
  /** Ends the run, besides an interrupt. */
  readonly signal?: AbortSignal;
}

/** A time limit needs a worker: the main thread cannot end what it is in the middle of. */
const sendsAll = ({ force, timeout, isolate, move }: RunOptions) =>
  force || isolate || move || timeout !== undefined;

type Outcome = Ended | Extract<Probed, { how: "sequential" }>;

/** Applies a function to items, in parallel where that is faster. Throws the first failing item's own error. */
export async function runParallel(host: RunHost, request: RunRequest): Promise<Results> {
  const { context } = host;
  const { options, fn, combine, file } = request;
  const signal = request.signal ? AbortSignal.any([context.signal, request.signal]) : context.signal;
  const source = sourceOf(request.items);
  const began = performance.now();
  // Workers get started while the surroundings are looked at.
  if (sendsAll(options))
    host.pool(options.isolate).take(Math.min(options.workers, source.size ?? options.workers));
  const surroundings = host.survey(combine ? [fn, combine] : [fn], file);
  if (options.explain) context.display({ "text/plain": explain(surroundings.steps().steps) });
  for (const { name, by, place } of surroundings.changes)
    if (!options.share.includes(name)) context.stream("stderr", changeWarning(name, by, place));
  const run = new Run(host, request, source, surroundings, signal);
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
  try {
    const ended = await run.go();
    endProgress();
    run.finish(ended, performance.now() - began);
  } finally {
    endProgress();
    signal.removeEventListener("abort", onAbort);
  }
  return run.results;
}

class Run {
  readonly results: Results;
  readonly #host: RunHost;
  readonly #request: RunRequest;
  readonly #source: Source;
  readonly #surroundings: Surroundings;
  readonly #signal: AbortSignal;
  readonly #output: TaggedOutput;
  readonly #tracer: Tracer | undefined;
  #dispatched: Dispatched | undefined;
  #told = false;

  constructor(
    host: RunHost,
    request: RunRequest,
    source: Source,
    surroundings: Surroundings,
    signal: AbortSignal,
  ) {
    this.results = new Results(request.collector(source.size));
    this.#host = host;
    this.#request = request;
    this.#source = source;
    this.#surroundings = surroundings;
    this.#signal = signal;
    this.#output = new TaggedOutput((name, text) => host.context.stream(name, text));
    this.#tracer = request.options.trace || isRecording() ? new Tracer() : undefined;
  }

  get done(): number {
    return this.#dispatched?.done() ?? this.results.done;
  }

  async go(): Promise<Outcome> {
    const { options, fn } = this.#request;
    if (sendsAll(options) || this.#surroundings.usesSetUp) return await this.#dispatch(0, undefined);
    const probed = await runInPlace({
      source: this.#source,
      fn: withRetries(fn, options.retries),
      results: this.results,
      keepGoing: options.keepGoing,
      workers: options.workers,
      start: this.#host.pool(false).size >= options.workers ? WARM_START : COLD_START,
      signal: this.#signal,
    });
    this.#tracer?.inMain(this.results.done);
    return probed.how === "parallel" ? await this.#dispatch(probed.from, probed.perItem) : probed;
  }

  /** Says how it went; throws what the run failed for. */
  finish(ended: Outcome, ms: number): void {
    const { done } = this.results;
    const failures = this.results.inOrder();
    const trace = this.#traced();
    if (ended.how === "stopped") {
      this.interrupted();
      throw new Interrupted();
    }
    if (ended.how === "error") {
      if (done > 0) this.#say(`${this.#progress()} when it failed${this.#keep()}`);
      throw ended.error;
    }
    const [first] = failures;
    if (ended.how === "failed" && first) {
      this.#say(`Item ${first.index} failed${onWorker(first.worker)}. ${this.#progress()}${this.#keep()}`);
      throw withIndex(first);
    }
    if (failures.length > 0) this.#say(listFailures(failures, this.#source.size ?? done + failures.length));
    const { collector } = this.results;
    if (collector instanceof ReduceCollector && collector.isEmpty) throw fail("parallelNothingToReduce");
    if (this.#request.report) this.#report(ended, ms);
    if (trace && this.#request.options.trace) {
      showTrace(this.#host.context, trace, this.#host.timings, {
        code: Function.prototype.toString.call(this.#request.fn),
        items: done,
        cores: Pool.cores,
      });
    }
  }

  /** What ran when; the cell's timeline has it too, where one is recorded. */
  #traced(): Trace | undefined {
    if (!this.#tracer) return undefined;
    const trace = this.#tracer.finish(this.#request.options.workers);
    addLanes(since(trace.lanes, -this.#tracer.began), trace.dropped);
    return trace;
  }

  /** Keeps what is done, and says so, once. */
  interrupted(): void {
    // While workers run, their last results are still to come; a loop that was left wants nothing kept.
    if (this.#told || this.#dispatched || this.#request.signal?.aborted) return;
    this.#told = true;
    this.#say(`Interrupted: ${this.#progress()}${this.#keep()}`);
  }

  async #dispatch(from: number, perItem: number | undefined): Promise<Ended> {
    const { options } = this.#request;
    const pool = this.#host.pool(options.isolate);
    const job = this.#job(from, perItem, pool.isolated);
    this.#checkSize(job.steps);
    return await pool.exclusive(async (run) => {
      this.#dispatched = dispatch(pool, run, job);
      const ended = await this.#dispatched.ended;
      this.#dispatched = undefined;
      this.#output.flush();
      return ended;
    });
  }

  #job(from: number, perItem: number | undefined, isolated: boolean): Job {
    const { context, setUps } = this.#host;
    const { workers, chunk, timeout, keepGoing, retries, move } = this.#request.options;
    const { steps, roots } = this.#surroundings.steps({ isolated });
    const [root = "", combine] = roots;
    const { size } = this.#source;
    return {
      steps,
      setUps,
      work: {
        root,
        combine,
        sends: this.results.collector.sends,
        keepGoing,
        retries,
        move,
        traced: this.#tracer !== undefined,
      },
      source: this.#source,
      from,
      results: this.results,
      workers: Math.max(1, Math.min(workers, size === undefined ? workers : size - from)),
      chunk,
      perItem,
      timeout,
      signal: this.#signal,
      tracer: this.#tracer,
      stream: (name, text, worker) => this.#output.add(name, text, worker),
      display: (data) => {
        this.#output.flush();
        context.display(data);
      },
      receive: (sent) => receiveThrown(sent, (name) => errorClass(context, name)),
    };
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

  #progress(): string {
    const { size } = this.#source;
    const { done } = this.results;
    return `${count(done)}${size === undefined ? "" : ` of ${count(size)}`} items were done`;
  }

  #keep(): string {
    const partial = this.results.collector.value();
    return partial === undefined ? "." : `; ${this.#request.keep(partial)}`;
  }

  #say(text: string): void {
    this.#host.context.stream("stderr", `${text}\n`);
  }

  #report(ended: Outcome, ms: number): void {
    const items = `${count(this.results.done)} item${this.results.done === 1 ? "" : "s"}`;
    const { workers, isolate } = this.#request.options;
    const kind = isolate ? "process" : "worker";
    const many = isolate ? "processes" : "workers";
    const text =
      ended.how !== "sequential"
        ? `${items} on ${workers} ${workers === 1 ? kind : many} in ${duration(ms)}.`
        : `${items} in sequence in ${duration(ended.ms)}: ${whySequential(workers, ended.there)}.`;
    this.#host.context.display({ "text/plain": text });
  }
}

/** An error class by its name: of the notebook, or of the language. */
export function errorClass(context: EngineContext, name: string): unknown {
  if (name === "TandemError") return undefined;
  try {
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? context.read(name) : undefined;
  } catch {
    return undefined;
  }
}

/** Checks what was given to a parallel function. */
export function checkFunction(
  caller: string,
  fn: unknown,
): asserts fn is (item: unknown, index: number) => unknown {
  if (typeof fn !== "function") throw fail("parallelNoFunction", caller, typeof fn);
}
