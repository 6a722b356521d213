import type { EnginePart } from "../../engine/part.ts";
import { plot } from "./plot.ts";

/** The engine's part of charts: `plot`. */
export const chart: EnginePart = {
  globals: (context) => ({
    plot: (spec: unknown, options?: { id?: string }) => plot(context, spec, options),
  }),
};
