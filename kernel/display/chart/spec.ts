import * as v from "valibot";

/** The MIME type of a chart's data; whoever draws it checks it first. */
export const chartMime = "application/vnd.tandem.chart+json";

/** Beyond these, sums and quotients of an axis are no numbers any more. */
const [least, most] = [1e-100, 1e100];
const finite = v.pipe(
  v.number(),
  v.finite(),
  v.check(
    (value) => value === 0 || (Math.abs(value) >= least && Math.abs(value) <= most),
    `what can be drawn is 0 or between 1e-100 and 1e100 in size`,
  ),
);
const numbers = v.array(v.nullable(finite));
/** More marks than a picture can show; more data is to be thinned before. */
const mostPoints = 50_000;

const axis = v.object({
  label: v.string(),
  /** `s`, `B`, `%` (of a share), `×`, or any name. */
  unit: v.optional(v.string()),
  /** Linear if left out. */
  scale: v.optional(v.picklist(["linear", "log"])),
});

const words = {
  /** What the chart shows, as a sentence. */
  title: v.string(),
  /** What limits it, a sentence each. */
  notes: v.optional(v.array(v.string())),
  /** Small print. */
  footer: v.optional(v.array(v.string())),
};

const series = v.pipe(
  v.object({
    name: v.string(),
    x: v.array(finite),
    y: numbers,
    /** Ends of the intervals around y. */
    low: v.optional(numbers),
    high: v.optional(numbers),
    /** Drawn as a dashed line without points: a model, an ideal. */
    reference: v.optional(v.boolean()),
  }),
  v.check(
    ({ x, y, low = y, high = y }) => [y, low, high].every((one) => one.length === x.length),
    "x, y and the ends of intervals are of one length",
  ),
  v.check(({ x }) => x.length <= mostPoints, `a series has at most ${mostPoints} points`),
);

const plane = { ...words, x: axis, y: axis, series: v.array(series) };

/** Values as bars with intervals. */
const bars = v.object({
  type: v.literal("bars"),
  ...words,
  value: axis,
  rows: v.array(
    v.union([
      v.object({
        label: v.string(),
        value: v.pipe(finite, v.minValue(0)),
        interval: v.optional(v.nullable(v.tuple([finite, finite]))),
        note: v.optional(v.string()),
      }),
      v.object({ label: v.string(), missing: v.string() }),
    ]),
  ),
});

const lines = v.object({ type: v.literal("lines"), ...plane });
const scatter = v.object({ type: v.literal("scatter"), ...plane });

/** How often which values occur. */
const histogram = v.object({
  type: v.literal("histogram"),
  ...words,
  value: axis,
  bins: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200))),
  series: v.array(v.object({ name: v.string(), values: v.pipe(v.array(finite), v.maxLength(mostPoints)) })),
});

/** Latencies over time, with their percentiles. */
const latency = v.object({
  type: v.literal("latency"),
  ...words,
  series: v.array(
    v.pipe(
      v.object({
        name: v.string(),
        /** Seconds since the start. */
        at: v.array(finite),
        /** Seconds. */
        latency: v.array(finite),
        /** Of all samples where `at` and `latency` are a choice of them; computed from these if left out. */
        percentiles: v.optional(v.record(v.string(), finite)),
        /** Times of the collector: when, and how long, in seconds. */
        pauses: v.optional(v.array(v.object({ at: finite, duration: finite }))),
      }),
      v.check(({ at, latency }) => at.length === latency.length, "at and latency are of one length"),
      v.check(({ at }) => at.length <= mostPoints, `a series has at most ${mostPoints} points`),
    ),
  ),
});

/** Speed-up over the number of workers, beside the ideal and what Amdahl's law allows. */
const speedup = v.object({
  type: v.literal("speedup"),
  ...words,
  series: v.array(
    v.pipe(
      v.object({
        name: v.string(),
        workers: v.array(v.pipe(finite, v.minValue(1))),
        speedup: v.array(v.pipe(finite, v.minValue(0))),
        low: v.optional(v.array(finite)),
        high: v.optional(v.array(finite)),
        /** The parallel part that was fitted to Amdahl's law: its curve is drawn. */
        parallel: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(1))),
      }),
      v.check(
        ({ workers, speedup }) => workers.length === speedup.length,
        "workers and speedup are of one length",
      ),
    ),
  ),
  /** Cores of the machine, marked. */
  cores: v.optional(v.pipe(finite, v.minValue(1))),
});

/** What ran when: a lane each for workers, threads, tasks. */
const gantt = v.object({
  type: v.literal("gantt"),
  ...words,
  lanes: v.array(
    v.object({
      name: v.string(),
      spans: v.pipe(
        v.array(
          v.object({
            /** Seconds. */
            start: finite,
            end: finite,
            label: v.optional(v.string()),
            /** What kind of time it is: `work`, `wait`, … */
            kind: v.optional(v.string()),
          }),
        ),
        v.maxLength(mostPoints),
      ),
    }),
  ),
});

/** A number for each pair of two lists. */
const heat = v.object({
  type: v.literal("heat"),
  ...words,
  x: v.object({ label: v.string(), values: v.array(v.string()) }),
  y: v.object({ label: v.string(), values: v.array(v.string()) }),
  /** By row: `cells[y][x]`; null where nothing was measured. */
  cells: v.array(numbers),
  value: axis,
  /** Where the values turn from one side to the other: 1 for ratios. */
  center: v.optional(finite),
});

/** What called what, and how much of the whole each took: the callers above, what they called below. */
const flame = v.object({
  type: v.literal("flame"),
  ...words,
  value: axis,
  frames: v.pipe(
    v.array(
      v.object({
        label: v.string(),
        /** Where its code is: `cell-3.ts:2`. */
        place: v.optional(v.string()),
        /** Whose code it is: `cell`, `package`, … */
        kind: v.optional(v.string()),
        /** From the left, in the units of the value. */
        start: finite,
        end: finite,
        /** Callers above it; 0 at the top. */
        depth: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
      }),
    ),
    v.maxLength(mostPoints),
  ),
});

const chartSpec = v.variant("type", [bars, lines, scatter, histogram, latency, speedup, gantt, heat, flame]);

export type ChartSpec = v.InferOutput<typeof chartSpec>;
export type SpecOf<T extends ChartSpec["type"]> = Extract<ChartSpec, { type: T }>;
export type AxisSpec = v.InferOutput<typeof axis>;

/** Checks what claims to be a chart; the reason why it is none is one line. */
export function readChart(data: unknown): { ok: true; spec: ChartSpec } | { ok: false; why: string } {
  const parsed = v.safeParse(chartSpec, data);
  if (parsed.success) return { ok: true, spec: parsed.output };
  const issue = parsed.issues[0];
  return { ok: false, why: `${v.getDotPath(issue) ?? "the value"}: ${issue.message}` };
}
