import type { SpecOf } from "../display/chart/spec.ts";
import { type Lane, nameOf, type Span } from "./spans.ts";

/** More spans in a lane than this are drawn as fewer. */
const MOST_SPANS = 300;
/** Spans of these kinds are never too short to be drawn, only joined. */
const KEPT = new Set(["work", "blocked"]);

/** A lane of a Gantt chart, its spans joined until there are few enough to be drawn. */
export function ganttLane({ name, spans }: Lane): SpecOf<"gantt">["lanes"][number] {
  return {
    name,
    spans: coarse(spans).map((span) => ({
      start: span.start / 1000,
      end: span.end / 1000,
      kind: span.kind,
      ...(span.name === undefined && span.lo === undefined ? {} : { label: nameOf(span) }),
    })),
  };
}

/** Neighbours of one kind together, and gaps that cannot be seen left out, until there are few enough. */
export function coarse(spans: readonly Span[]): readonly Span[] {
  let kept = spans;
  for (let gap = 0.01; kept.length > MOST_SPANS; gap *= 2) {
    const joined: Span[] = [];
    for (const one of kept) {
      const last = joined.at(-1);
      if (!KEPT.has(one.kind) && one.end - one.start < gap) continue;
      if (last && last.kind === one.kind && one.start - last.end <= gap) {
        const { kind, start } = last;
        joined[joined.length - 1] = {
          kind,
          start,
          end: Math.max(last.end, one.end),
          ...joinedName(last, one),
        };
      } else joined.push(one);
    }
    kept = joined;
  }
  return kept;
}

/** A name that both have; items where they are one range. */
function joinedName(a: Span, b: Span): Pick<Span, "name" | "lo" | "hi"> {
  const name = a.name !== undefined && a.name === b.name ? { name: a.name } : {};
  return a.lo !== undefined && b.hi !== undefined && a.hi === b.lo ? { ...name, lo: a.lo, hi: b.hi } : name;
}
