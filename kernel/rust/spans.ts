import { takeSpans } from "./addon.ts";

/** A lane of a Gantt chart; times in seconds. */
export interface Lane {
  name: string;
  spans: { start: number; end: number; label: string }[];
}

/** As the crate `tandem` writes it (native/prelude/src/spans.rs); times in nanoseconds of its own clock. */
interface Taken {
  now: number;
  lost: number;
  events: [name: string, thread: number, start: number, end: number][];
}

/**
 * What `tandem::span!` has marked since it was last asked: a lane for each thread, in seconds since the first span began.
 * At most 131,072 are kept; the later ones are counted.
 */
export function rustSpans(): Lane[] {
  const taken = takeSpans().map((text) => JSON.parse(text) as Taken);
  const lost = taken.reduce((sum, one) => sum + one.lost, 0);
  if (lost > 0)
    process.stderr.write(`${lost} spans were not kept: the buffer was full. Take them more often.\n`);
  const lanes = new Map<string, Lane>();
  let first = Number.POSITIVE_INFINITY;
  for (const { events } of taken) for (const [, , start] of events) first = Math.min(first, start);
  taken.forEach(({ events }, library) => {
    for (const [label, thread, start, end] of events) {
      const key = `${library}:${thread}`;
      const lane = lanes.get(key) ?? { name: `thread ${lanes.size + 1}`, spans: [] };
      lanes.set(key, lane);
      lane.spans.push({ start: (start - first) / 1e9, end: (end - first) / 1e9, label });
    }
  });
  return [...lanes.values()];
}
