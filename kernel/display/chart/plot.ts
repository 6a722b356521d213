import type { EngineContext } from "../../engine/part.ts";
import { fail } from "../../errors.ts";
import type { DisplayPlace } from "../value/display-function.ts";
import { chartBundle } from "./bundle.ts";
import { readChart } from "./spec.ts";

/** `plot({ type: "lines", … })`: shows a chart of the user's own data; one of the same `id` is replaced. */
export function plot(context: EngineContext, spec: unknown, { id, update }: DisplayPlace = {}): void {
  const read = readChart(plainData(spec));
  if (!read.ok) throw fail("plotSpec", `The specification is wrong at ${read.why}.`);
  context.show({ data: chartBundle(read.spec) }, { id, update });
}

/** Typed arrays as lists, bigints as numbers, and what is no number as a gap. */
function plainData(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(plainData);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    // Every other view is an array of numbers or bigints.
    return Array.from(value as unknown as ArrayLike<number | bigint>, plainData);
  }
  if (typeof value !== "object" || value === null) return value;
  // What is left out and what is undefined are the same.
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.map(([key, one]) => [key, plainData(one)]));
}
