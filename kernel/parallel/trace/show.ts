import { chartBundle } from "../../display/chart/bundle.ts";
import type { EngineContext } from "../../engine/part.ts";
import { chromeTrace } from "../../timeline/chrome.ts";
import { saveTrace } from "../../timeline/save.ts";
import type { Timing } from "./amdahl.ts";
import { traceReport } from "./report.ts";
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
  const { number } = context.cell;
  const file = chromeTrace(trace, { title: `%%parallel, cell ${number}`, dropped: trace.dropped });
  const { said } = saveTrace(file, context.folder, `parallel-${number}`);
  context.display(chartBundle({ ...gantt, footer: [...(gantt.footer ?? []), said] }));
  if (speedup) context.display(chartBundle(speedup));
}
