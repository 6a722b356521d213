import type { SpecOf } from "../display/chart/spec.ts";
import { count, duration } from "../display/words.ts";
import { ganttLane } from "./gantt.ts";
import { nameOf, type Span, type Timeline } from "./spans.ts";

/** A cell's timeline; times in ms since its start. */
export interface RecordedTimeline extends Timeline {
  readonly wall: number;
  /** Spans that were not kept. */
  readonly dropped: number;
  /** Interpreters that did not tell theirs. */
  readonly busy: number;
}

/** What `--out` declares: `TimelineResult` of ambient.ts. */
export interface TimelineResult {
  readonly kind: "timeline";
  readonly wall: number;
  readonly blocked: number;
  readonly lanes: {
    readonly name: string;
    readonly spans: {
      readonly name: string;
      readonly kind: string;
      readonly start: number;
      readonly end: number;
    }[];
  }[];
  readonly dropped: number;
  readonly file: string | null;
}

export function resultOf(timeline: RecordedTimeline, file: string | undefined): TimelineResult {
  const lanes = timeline.lanes.map(({ name, spans }) => ({
    name,
    spans: spans
      .map((one) => ({ name: nameOf(one), kind: one.kind, start: one.start / 1000, end: one.end / 1000 }))
      .toSorted((a, b) => a.start - b.start),
  }));
  const { wall, dropped } = timeline;
  return {
    kind: "timeline",
    wall: wall / 1000,
    blocked: blockedOf(timeline) / 1000,
    lanes,
    dropped,
    file: file ?? null,
  };
}

/** The picture of it; `saved` says where the file is. */
export function ganttOf(timeline: RecordedTimeline, saved: string): SpecOf<"gantt"> {
  const { lanes, wall, dropped, busy } = timeline;
  const blocked = blockedOf(timeline);
  const host =
    blocked > 0
      ? `TypeScript's event loop was blocked for ${duration(blocked)} of ${duration(wall)}.`
      : `TypeScript's event loop was never blocked for 10 ms in ${duration(wall)}.`;
  const notes = [
    ...(dropped > 0
      ? [`${count(dropped)} spans were not kept: a timeline has room for 131,072 of each language.`]
      : []),
    ...(busy > 0
      ? ["Python was busy when the cell ended, and its spans are missing: await what it runs."]
      : []),
  ];
  return { type: "gantt", title: host, notes, footer: [saved], lanes: lanes.map(ganttLane) };
}

const blockedOf = ({ lanes }: Timeline): number => {
  const spans: Span[] = lanes.flatMap((lane) => lane.spans.filter(({ kind }) => kind === "blocked"));
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
};
