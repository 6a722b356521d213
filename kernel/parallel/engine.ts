import { join } from "node:path";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { Capture } from "./capture/surroundings.ts";
import { Pool } from "./dispatch/pool.ts";
import { checkOptions, type ParallelOptions } from "./options.ts";
import { checkFunction, type RunHost, runParallel } from "./run.ts";

/** What a %%parallel cell says beyond what `pmap` takes. */
export interface CellOptions {
  readonly options: ParallelOptions;
  /** The cell's name in stacks. */
  readonly file: string;
  /** Name under which the result is declared. */
  readonly out?: string;
}

/** `pmap` for cells, and `__pmap`, what a %%parallel cell becomes. */
function globals(context: EngineContext): Record<string, unknown> {
  const capture = new Capture(context);
  let made: Pool | undefined;
  const hostOf = (file?: string): RunHost => ({
    context,
    get pool() {
      // Beside this bundle.
      made ??= new Pool(join(__dirname, "worker.cjs"), context.folder);
      return made;
    },
    survey: (fn) => capture.of(fn, file),
  });
  const keep = (partial: unknown[], out?: string): string => {
    Reflect.set(globalThis, "_", partial);
    if (out === undefined) return "their results are in _";
    context.define(out, partial);
    return `their results are in ${out}`;
  };

  const pmap = async (items: unknown, fn: unknown, options: ParallelOptions = {}): Promise<unknown[]> => {
    checkFunction(fn);
    const checked = checkOptions(options, Pool.cores);
    return await runParallel(hostOf(), { items, fn, options: checked, report: false, keep });
  };
  const cell = async (
    items: unknown,
    fn: unknown,
    { options, file, out }: CellOptions,
  ): Promise<unknown[]> => {
    checkFunction(fn);
    const checked = checkOptions(options, Pool.cores);
    const request = { items, fn, options: checked, report: true };
    const results = await runParallel(hostOf(file), { ...request, keep: (partial) => keep(partial, out) });
    if (out !== undefined) keep(results, out);
    return results;
  };
  return { pmap, __pmap: cell };
}

export const parallel: EnginePart = { globals };
