import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { optimisedCells } from "../rust/swaps.ts";
import { bench } from "./bench.ts";
import type { CallValue } from "./native-call.ts";
import { type BenchOptionTexts, readOptions } from "./options.ts";
import type { Side } from "./prepare.ts";
import type { BenchResult } from "./result.ts";
import { keepFiles } from "./saved.ts";
import { type BenchSeries, pointLine, seriesBundle } from "./series.ts";
import type { SideSource } from "./sides.ts";
import { seriesCsv } from "./table.ts";
import { type TimeitRequest, timeit } from "./timeit.ts";

/** What `%%bench` asks of the engine. */
export interface BenchRequest {
  readonly sides: readonly SideSource[];
  readonly options: BenchOptionTexts;
  /** Name under which the result is declared. */
  readonly out?: string;
  /** Of `--for`: which of its values this run is for. */
  readonly point?: Point;
}

/** One value of `--for`. */
export interface Point {
  readonly parameter: string;
  readonly value: number | string;
  readonly index: number;
  readonly of: number;
}

/** A side of `bench({…})`: a function, or a function and its arguments, whose runtime can then repeat the call itself. */
export type BenchFunction =
  | (() => unknown)
  | readonly [callee: (...args: never[]) => unknown, ...args: unknown[]];

/** The engine's part of measuring. */
export const measure: EnginePart = {
  handlers: {
    async bench({ sides, options, out, point }: BenchRequest, context: EngineContext) {
      await untilOptimised(context);
      const keep = (result: unknown) => {
        if (out !== undefined) context.define(out, result);
        (globalThis as { _?: unknown })._ = result;
      };
      const read = sides.map((side) => sideOf(side, context));
      if (!point) {
        await bench(read, readOptions(options), context, keep);
        return;
      }
      if (point.index === 0) curves.points.length = 0;
      const add = (result: BenchResult) => curves.points.push({ value: point.value, result });
      await bench(read, readOptions(atPoint(options, point)), context, add, (result) =>
        pointLine(point, result),
      );
      curves.parameter = point.parameter;
      if (point.index + 1 < point.of) return;
      const series: BenchSeries = {
        kind: "bench-series",
        parameter: point.parameter,
        points: [...curves.points],
      };
      context.display(seriesBundle(series));
      keepFiles(options, context.folder, () => seriesCsv(series), series);
      keep(series);
    },

    /** `%timeit`. */
    async timeit(request: TimeitRequest, context: EngineContext) {
      const result = await timeit(request, context);
      if (request.out !== undefined) context.define(request.out, result);
    },

    /** Sets the name of `--for` before the set-up runs. */
    set({ parameter, value }: Point, context: EngineContext) {
      context.define(parameter, value);
    },
  },
  globals: (context) => ({
    bench: (sides: Readonly<Record<string, BenchFunction>>, options: BenchOptionTexts = {}) => {
      const read = Object.entries(sides).map(([name, side]) => sideOfFunction(name, side));
      if (read.length === 0) throw fail("benchWithoutSides");
      const checked = readOptions(options);
      return untilOptimised(context).then(() => bench(read, checked, context, () => {}));
    },
  }),
};

/** What is measured is the code that stays: %%rust cells whose optimised build is under way are waited for, and it is said. */
async function untilOptimised(context: EngineContext): Promise<void> {
  const { files, ms } = await optimisedCells();
  if (files.length === 0) return;
  const names = [...new Set(files)].join(", ");
  context.stream("stderr", `Waited ${(ms / 1000).toFixed(1)} s for the optimised build of ${names}.\n`);
}

/** The options of one value: files are written at the end for all of them, what is kept has the value in its name. */
function atPoint(options: BenchOptionTexts, { parameter, value }: Point): BenchOptionTexts {
  const named = (name: string | undefined) =>
    name && `${name}-${parameter}-${String(value).replaceAll(/[^\w.-]/g, "_")}`;
  return {
    ...options,
    csv: undefined,
    json: undefined,
    save: named(options.save),
    against: named(options.against),
  };
}

/** The points of the `--for` that runs now. */
const curves: { parameter: string; points: BenchSeries["points"][number][] } = { parameter: "", points: [] };

function sideOf({ name, code, call, external }: SideSource, context: EngineContext): Side {
  if (external) return { name, run: () => undefined, external };
  // The code is an expression whose value is a function.
  const run = context.read(code) as () => unknown;
  if (!call) return { name, run };
  const { callee, args } = call;
  return {
    name,
    run,
    call(): CallValue {
      const values = context.read(`[${callee},${args}]`) as [unknown, unknown[]];
      return { callee: values[0], args: values[1] };
    },
  };
}

function sideOfFunction(name: string, side: BenchFunction): Side {
  if (typeof side === "function") return { name, run: side };
  const [callee, ...args] = side;
  if (typeof callee !== "function") throw fail("benchNoFunction", name);
  // Arguments are as the user gave them; their types are checked where the call is written.
  const call = callee as (...args: unknown[]) => unknown;
  return { name, run: () => call(...args), call: () => ({ callee, args }) };
}
