import type { Trace } from "./tracer.ts";

/**
 * A run as Chrome trace events ("Trace Event Format", JSON object form), which Perfetto opens: a thread for each lane,
 * times in µs.
 */
export function chromeTrace({ lanes, events }: Trace, title: string): string {
  const tidOf = new Map(lanes.map(({ name }, index) => [name, index]));
  const meta = [
    { ph: "M", pid: 1, tid: 0, name: "process_name", args: { name: title } },
    ...lanes.map(({ name }, tid) => ({ ph: "M", pid: 1, tid, name: "thread_name", args: { name } })),
  ];
  const spans = lanes.flatMap(({ spans }, tid) =>
    spans.map(({ kind, start, end, lo, hi }) => ({
      ph: "X",
      pid: 1,
      tid,
      name: lo === undefined || hi === undefined ? kind : itemsText(lo, hi),
      cat: kind,
      ts: start * 1000,
      dur: (end - start) * 1000,
      ...(lo === undefined ? {} : { args: { lo, hi, phase: kind } }),
    })),
  );
  const instants = events.map(({ at, name, lane }) => ({
    ph: "i",
    s: "t",
    pid: 1,
    tid: tidOf.get(lane) ?? 0,
    name,
    ts: at * 1000,
  }));
  return JSON.stringify({ traceEvents: [...meta, ...spans, ...instants], displayTimeUnit: "ms" });
}

/** `item 5`, `items 5–9`. */
export const itemsText = (lo: number, hi: number): string =>
  hi - lo === 1 ? `item ${lo}` : `items ${lo}–${hi - 1}`;
