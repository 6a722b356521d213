import { chartBundle } from "../../display/chart/bundle.ts";
import type { EngineContext } from "../../engine/part.ts";
import type { Timing } from "./amdahl.ts";
import { saveTrace, traceReport } from "./report.ts";
import type { Trace } from "./tracer.ts";

/** What traced runs took, by their code and number of items. */
export type Timings = Map<string, Timing[]>;

/** Shows a traced run in the running cell, and saves it beside the notebook. */
export function showTrace(
  context: EngineContext,
  trace: Trace,
  timings: Timings,
  { code, items, cores }: { code: string; items: number; cores: number },
): void {
  // Cells differ in their options; what they do is their function.
  const key = `${items} ${code}`;
  const known = [...(timings.get(key) ?? []), { workers: trace.workers, ms: trace.wall }];
  timings.set(key, known);
  const { gantt, speedup } = traceReport(trace, known, cores);
  const saved = saveTrace(trace, context.folder, context.cell.number);
  const text =
    "name" in saved
      ? `Saved as ${saved.name}, which ui.perfetto.dev and chrome://tracing open.`
      : `The trace could not be saved: ${saved.why}`;
  context.display(chartBundle({ ...gantt, footer: [...(gantt.footer ?? []), text] }));
  if (speedup) context.display(chartBundle(speedup));
}
