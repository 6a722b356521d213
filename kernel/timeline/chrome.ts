import { nameOf, type Span, type Timeline } from "./spans.ts";

/** What the file says besides the lanes. */
interface Facts {
  readonly title: string;
  /** Spans that were not kept. */
  readonly dropped?: number;
}

/**
 * A timeline as Chrome trace events ("Trace Event Format", JSON object form), which Perfetto opens: a process for each
 * group, a thread for each lane, times in µs. A thread's spans have to nest there, so a lane whose spans do not, as those of
 * promises, is several threads of one name.
 */
export function chromeTrace({ lanes, events }: Timeline, { title, dropped = 0 }: Facts): string {
  const groups = [...new Set(lanes.map(({ group }) => group))];
  const traceEvents: object[] = groups.map((group, index) =>
    meta("process_name", index + 1, 0, { name: group === undefined ? title : `${title}: ${group}` }),
  );
  const tidOf = new Map<string, { pid: number; tid: number }>();
  let tid = 0;
  for (const { name, group, spans } of lanes) {
    const pid = groups.indexOf(group) + 1;
    const rows = nestedRows(spans);
    for (const row of rows.length > 0 ? rows : [[]]) {
      tid++;
      if (!tidOf.has(name)) tidOf.set(name, { pid, tid });
      traceEvents.push(meta("thread_name", pid, tid, { name }));
      traceEvents.push(meta("thread_sort_index", pid, tid, { sort_index: tid }));
      for (const span of row) traceEvents.push(complete(span, pid, tid));
    }
  }
  for (const { at, name, lane } of events) {
    const place = tidOf.get(lane) ?? { pid: 1, tid: 1 };
    traceEvents.push({ ph: "i", s: "t", ...place, name, ts: microseconds(at) });
  }
  const otherData = dropped > 0 ? { otherData: { "spans not kept": String(dropped) } } : {};
  return JSON.stringify({ traceEvents, displayTimeUnit: "ms", ...otherData });
}

const meta = (name: string, pid: number, tid: number, args: object) => ({
  ph: "M",
  pid,
  tid,
  name,
  ts: 0,
  args,
});

function complete(span: Span, pid: number, tid: number): object {
  const { kind, lo, hi } = span;
  const ts = microseconds(span.start);
  // Of rounded ends, so that what nests still does.
  const dur = Math.max(0, Math.round((microseconds(span.end) - ts) * 1000) / 1000);
  const args = lo === undefined ? {} : { args: { lo, hi, phase: kind } };
  return { ph: "X", pid, tid, name: nameOf(span), cat: kind, ts, dur, ...args };
}

/** To the nanosecond: more is no time but the arithmetic's. */
const microseconds = (ms: number): number => Math.round(ms * 1e6) / 1000;

/** Spans in rows in each of which any two are apart or one within the other, each in the first row where it fits. */
export function nestedRows(spans: readonly Span[]): Span[][] {
  const rows: { spans: Span[]; open: number[] }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    let row = rows.find(({ open }) => {
      while (open.length > 0 && (open.at(-1) ?? 0) <= span.start) open.pop();
      return (open.at(-1) ?? Number.POSITIVE_INFINITY) >= span.end;
    });
    if (!row) {
      row = { spans: [], open: [] };
      rows.push(row);
    }
    row.spans.push(span);
    row.open.push(span.end);
  }
  return rows.map((row) => row.spans);
}
