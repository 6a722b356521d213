import { join } from "node:path";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { Capture } from "./capture/surroundings.ts";
import { type Collector, ListCollector, NoCollector, ReduceCollector } from "./dispatch/collect.ts";
import { Completions, StreamCollector } from "./dispatch/completions.ts";
import { makeNotes } from "./dispatch/notes.ts";
import { Pool } from "./dispatch/pool.ts";
import { recorded } from "./dispatch/source.ts";
import { checkOptions, type ParallelOptions, type RunOptions } from "./options.ts";
import { checkFunction, type RunHost, type RunRequest, runParallel } from "./run.ts";
import { runEach } from "./run-each.ts";
import { SetUps } from "./set-ups.ts";
import { shareVariables } from "./sharing.ts";

/** What a %%parallel cell says beyond what `pmap` takes. */
export interface CellOptions {
  readonly options: ParallelOptions;
  /** The cell's name in stacks. */
  readonly file: string;
  /** Name under which the result is declared. */
  readonly out?: string;
  /** What a set-up declares. */
  readonly names?: readonly string[];
}

type Combine = (a: unknown, b: unknown) => unknown;

/** The parallel functions of cells, and what %%parallel cells become (`__pmap` and its like). */
function globals(context: EngineContext): Record<string, unknown> {
  const host = makeHost(context);
  const keep = (partial: unknown, out?: string): string => {
    Reflect.set(globalThis, "_", partial);
    if (out === undefined) return "their results are in _";
    context.define(out, partial);
    return `their results are in ${out}`;
  };
  const check = (options: ParallelOptions): RunOptions => {
    const checked = checkOptions(options, Pool.cores);
    shareVariables(context, checked.share);
    return checked;
  };

  /** A run that gives a list, for a cell or a function. */
  const list = async (
    request: Pick<RunRequest, "items" | "fn" | "report" | "file">,
    options: RunOptions,
    out?: string,
  ): Promise<unknown[]> => {
    const kept = (partial: unknown) => keep(partial, out);
    const collector = (size: number | undefined) => new ListCollector(size);
    const results = await runParallel(host, { ...request, options, collector, keep: kept });
    // It was made by the line above.
    const values = results.collector.value() as unknown[];
    return options.keepGoing ? Object.assign(values, { failures: failuresOf(results.inOrder()) }) : values;
  };
  const reduced = async (
    request: Pick<RunRequest, "items" | "fn" | "report" | "file"> & { combine: Combine },
    options: RunOptions,
    out?: string,
  ): Promise<unknown> => {
    const collector = () => new ReduceCollector(request.combine);
    const kept = (partial: unknown) => keep(partial, out);
    return (await runParallel(host, { ...request, options, collector, keep: kept })).collector.value();
  };
  const completed = (
    request: Pick<RunRequest, "items" | "fn" | "report" | "file">,
    options: RunOptions,
  ): Completions => {
    const collector = new StreamCollector(options.keepGoing);
    const nothing = () => "what came was given on";
    return new Completions(collector, (signal) =>
      runParallel(host, { ...request, options, signal, collector: () => collector, keep: nothing }),
    );
  };

  const pmap = (
    items: unknown,
    fn: unknown,
    { asCompleted = false, ...options }: ParallelOptions & { asCompleted?: boolean } = {},
  ): Promise<unknown[]> | Completions => {
    checkFunction("pmap", fn);
    const request = { items, fn, report: false };
    return asCompleted ? completed(request, check(options)) : list(request, check(options));
  };
  const preduce = async (
    items: unknown,
    fn: unknown,
    combine: unknown,
    options: ParallelOptions = {},
  ): Promise<unknown> => {
    checkFunction("preduce", fn);
    checkFunction("preduce", combine);
    return await reduced({ items, fn, combine: combine as Combine, report: false }, check(options));
  };
  const pfor = async (items: unknown, fn: unknown, options: ParallelOptions = {}): Promise<void> => {
    checkFunction("pfor", fn);
    const collector = (): Collector => new NoCollector();
    const kept = () => "";
    await runParallel(host, { items, fn, options: check(options), report: false, collector, keep: kept });
  };
  const pgroup = async (
    items: unknown,
    fn: unknown,
    options: ParallelOptions = {},
  ): Promise<Map<unknown, unknown[]>> => {
    checkFunction("pgroup", fn);
    const { source, taken } = recorded(items);
    const keys = await list({ items: source, fn, report: false }, check(options));
    const groups = new Map<unknown, unknown[]>();
    // A failed item's place is empty, and `forEach` leaves it out.
    keys.forEach((key, index) => {
      const group = groups.get(key);
      if (group) group.push(taken[index]);
      else groups.set(key, [taken[index]]);
    });
    return groups;
  };

  return {
    pmap: wrapped(pmap),
    preduce,
    pfor,
    pgroup,
    __pmap: async (items: unknown, fn: RunRequest["fn"], { options, file, out }: CellOptions) => {
      const results = await list({ items, fn, report: true, file }, check(options), out);
      if (out !== undefined) keep(results, out);
      return results;
    },
    __preduce: async (
      items: unknown,
      fn: RunRequest["fn"],
      { options, file, out }: CellOptions,
      combine: unknown,
    ) => {
      if (typeof combine !== "function")
        throw fail("parallelReduce", String(combine), `It is a value of type ${typeof combine}.`);
      const request = { items, fn, combine: combine as Combine, report: true, file };
      const result = await reduced(request, check(options), out);
      if (out !== undefined) keep(result, out);
      return result;
    },
    __pfirst: (items: unknown, fn: RunRequest["fn"], { options, file, out }: CellOptions) => {
      const results = completed({ items, fn, report: true, file }, check(options));
      if (out !== undefined) keep(results, out);
      return results;
    },
    __peach: async (fn: () => unknown, { options, file, out, names = [] }: CellOptions) => {
      const results = await runEach(host, fn, { options: check(options), file, names });
      if (out !== undefined) keep(results, out);
      return results;
    },
  };
}

/** What is wrong with the arguments is told by a promise, as with the other functions. */
const wrapped =
  <Args extends unknown[], R>(fn: (...args: Args) => R) =>
  (...args: Args): R | Promise<never> => {
    try {
      return fn(...args);
    } catch (error) {
      return Promise.reject(error);
    }
  };

const failuresOf = (failures: readonly { index: number; error: unknown }[]) =>
  failures.map(({ index, error }) => ({ index, error }));

export interface ParallelHost extends RunHost {
  readonly setUpsOf: SetUps;
}

function makeHost(context: EngineContext): ParallelHost {
  const capture = new Capture(context);
  const setUpsOf = new SetUps(context);
  const pools = new Map<boolean, Pool>();
  return {
    context,
    setUpsOf,
    timings: new Map(),
    get setUps() {
      return setUpsOf.all;
    },
    pool(isolate) {
      const known = pools.get(isolate);
      if (known) return known;
      // The worker's bundle is beside this one.
      const file = join(__dirname, "worker.cjs");
      const notes = makeNotes(isolate ? "processes" : "threads");
      const pool = new Pool({ file, folder: context.folder, isolate, notes });
      pools.set(isolate, pool);
      return pool;
    },
    survey: (fns, file) => capture.of(fns, { file, inWorkers: (name) => setUpsOf.has(name) }),
  };
}

export const parallel: EnginePart = { globals };
