import type { EnginePart } from "../../engine/part.ts";
import type { DisplayPlace } from "../value/display-function.ts";
import { plot } from "./plot.ts";

/** The engine's part of charts: `plot`. */
export const chart: EnginePart = {
  globals: (context) => ({
    plot: (spec: unknown, options?: DisplayPlace) => plot(context, spec, options),
  }),
};
