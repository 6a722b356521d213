import { chromeTrace } from "../../timeline/chrome.ts";
import type { SpecOf } from "./spec.ts";

/** The lanes of a Gantt chart as Chrome trace events. */
export function traceOf({ title, lanes }: SpecOf<"gantt">): string {
  const inMs = lanes.map(({ name, spans }) => ({
    name,
    spans: spans.map(({ start, end, label, kind = "work" }) => ({
      ...(label ? { name: label } : {}),
      kind,
      start: start * 1000,
      end: end * 1000,
    })),
  }));
  return chromeTrace({ lanes: inMs, events: [] }, { title });
}
