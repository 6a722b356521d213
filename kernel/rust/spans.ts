import { clockOffset, now, type Reading } from "../timeline/clock.ts";
import { nameOf, type Lane as TimelineLane } from "../timeline/spans.ts";
import { spanClocks, takeSpans } from "./addon.ts";

/** A lane of a Gantt chart; times in seconds. */
export interface Lane {
  name: string;
  spans: { start: number; end: number; label: string; kind: string }[];
}

/** As the crate `tandem` writes it (native/prelude/src/spans.rs); times in nanoseconds of its own clock. */
interface Taken {
  lost: number;
  lanes: [
    name: string,
    kind: "caller" | "thread" | "task",
    spans: [name: string, start: number, end: number, waits: 0 | 1][],
  ][];
}

/** The threads and tasks of Rust that have marked something since they were last asked for, on the clock of `now`. */
export function takeRustLanes(): RustLanes {
  const taken = takeSpans();
  const offsets = taken.every((text) => text.includes('"lanes":[]')) ? [] : clockOffsets();
  const read = taken.map((text, library) => readLanes(text, offsets[library] ?? 0));
  return {
    lanes: numbered(read.flatMap(({ lanes }) => lanes)),
    dropped: read.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

export interface RustLanes {
  readonly lanes: TimelineLane[];
  readonly dropped: number;
}

/** The lanes of a text of the crate `tandem`; `offset`, in ms, turns its times into those wanted. */
export function readLanes(text: string, offset: number): RustLanes {
  const { lost, lanes } = JSON.parse(text) as Taken;
  const read = lanes.map(([name, kind, spans]) => ({
    name: kind === "caller" ? "main thread" : name || kind,
    group: "Rust",
    spans: spans.map(([name, start, end, waits]) => ({
      name,
      kind: waits ? "wait" : "work",
      start: start / 1e6 + offset,
      end: end / 1e6 + offset,
    })),
  }));
  return { lanes: read, dropped: lost };
}

/** What turns the times of each library's clock into those of `now`: both are read in turn, since their zeros differ. */
function clockOffsets(): number[] {
  const readings: Reading[][] = [];
  for (let i = 0; i < 50; i++) {
    const before = now();
    const clocks = spanClocks();
    const after = now();
    for (const [library, clock] of clocks.entries()) {
      const own = readings[library] ?? [];
      own.push({ before, theirs: clock / 1e6, after });
      readings[library] = own;
    }
  }
  return readings.map(clockOffset);
}

/** Threads of one name, or of none, are told apart by numbers. */
export function numbered(lanes: readonly TimelineLane[]): TimelineLane[] {
  const seen = new Map<string, number>();
  const several = new Set(
    lanes.filter(({ name }, i) => lanes.findIndex((one) => one.name === name) < i).map(({ name }) => name),
  );
  return lanes.map((lane) => {
    if (!several.has(lane.name) && lane.name !== "thread") return lane;
    const number = (seen.get(lane.name) ?? 0) + 1;
    seen.set(lane.name, number);
    return { ...lane, name: `${lane.name} ${number}` };
  });
}

/**
 * What `tandem::span!` has marked since it was last asked: a lane for each thread, in seconds since the first span began.
 * At most 131,072 are kept; the later ones are counted.
 */
export function rustSpans(): Lane[] {
  const { lanes, dropped } = takeRustLanes();
  if (dropped > 0)
    process.stderr.write(`${dropped} spans were not kept: the buffer was full. Take them more often.\n`);
  let first = Number.POSITIVE_INFINITY;
  for (const { spans } of lanes) for (const { start } of spans) first = Math.min(first, start);
  return lanes.map(({ name, spans }) => ({
    name,
    spans: spans.map((one) => ({
      start: (one.start - first) / 1000,
      end: (one.end - first) / 1000,
      label: nameOf(one),
      kind: one.kind,
    })),
  }));
}
