import type { SpecOf } from "./spec.ts";

/**
 * The lanes as Chrome trace events ("Trace Event Format", JSON object form), which Perfetto opens: a thread for each lane,
 * times in microseconds.
 */
export function traceOf({ title, lanes }: SpecOf<"gantt">): string {
  const names = lanes.map(({ name }, tid) => ({ ph: "M", pid: 1, tid, name: "thread_name", args: { name } }));
  const spans = lanes.flatMap((lane, tid) =>
    lane.spans.map(({ start, end, label, kind = "work" }) => ({
      ph: "X",
      pid: 1,
      tid,
      name: label || kind,
      cat: kind,
      ts: start * 1e6,
      dur: (end - start) * 1e6,
    })),
  );
  const process = { ph: "M", pid: 1, name: "process_name", args: { name: title } };
  return JSON.stringify({ traceEvents: [process, ...names, ...spans], displayTimeUnit: "ms" });
}
