import * as v from "valibot";

/**
 * The part of the Trace Event format that we write, after "Trace Event Format" (N. Duca, D. Sinclair, 2016): complete, instant
 * and metadata events in the JSON object form. For tests.
 */
const time = v.pipe(v.number(), v.finite());
const place = { pid: v.pipe(v.number(), v.integer()), tid: v.pipe(v.number(), v.integer()) };
const args = v.optional(v.record(v.string(), v.unknown()));

const complete = v.object({
  ph: v.literal("X"),
  ...place,
  name: v.string(),
  /** Categories, with commas between them. */
  cat: v.pipe(v.string(), v.minLength(1)),
  /** Microseconds. */
  ts: time,
  dur: v.pipe(time, v.minValue(0)),
  args,
});
/** Of a thread, a process, or everything. */
const instant = v.object({
  ph: v.literal("i"),
  ...place,
  s: v.picklist(["t", "p", "g"]),
  name: v.string(),
  ts: time,
  args,
});
const metadata = v.object({
  ph: v.literal("M"),
  ...place,
  ts: v.optional(time),
  name: v.picklist(["process_name", "process_sort_index", "thread_name", "thread_sort_index"]),
  args: v.union([
    v.strictObject({ name: v.string() }),
    v.strictObject({ sort_index: v.pipe(v.number(), v.integer()) }),
  ]),
});

export const traceFormat = v.object({
  traceEvents: v.array(v.variant("ph", [complete, instant, metadata])),
  displayTimeUnit: v.optional(v.picklist(["ms", "ns"])),
  otherData: v.optional(v.record(v.string(), v.string())),
});
