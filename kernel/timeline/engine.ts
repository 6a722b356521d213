import { chartBundle } from "../display/chart/bundle.ts";
import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { takePythonLanes } from "../python/spans.ts";
import { hasRust } from "../rust/registry.ts";
import { takeRustLanes } from "../rust/spans.ts";
import { chromeTrace } from "./chrome.ts";
import { now } from "./clock.ts";
import { HostDelay } from "./host-delay.ts";
import { isRecording, span, startRecording, stopRecording } from "./recorder.ts";
import { ganttOf, resultOf } from "./report.ts";
import { rustCalls } from "./rust-calls.ts";
import { saveTrace } from "./save.ts";
import { type Lane, since } from "./spans.ts";

/** What `timeline.stop` takes. */
export interface Stop {
  /** Of the file, without `.trace.json`. */
  readonly name: string;
  readonly show: boolean;
  readonly out?: string;
}

interface Running {
  readonly delay: HostDelay;
  readonly began: number;
}

let running: Running | undefined;

/** Timelines of cells: what TypeScript, workers, Rust and Python mark, on one clock. */
export const timeline: EnginePart = {
  globals: () => ({ span }),
  handlers: {
    async start(_params: object, context: EngineContext): Promise<void> {
      if (running || isRecording()) throw fail("timelineTwice");
      startRecording();
      // What was marked before belongs to no timeline.
      if (hasRust()) takeRustLanes();
      await takePythonLanes(context);
      rustCalls.start();
      running = { delay: new HostDelay(), began: now() };
    },

    /** Ends the recording; unless the cell failed to start, shows it. */
    async stop({ name, show, out }: Stop, context: EngineContext): Promise<void> {
      const ended = running;
      running = undefined;
      const wall = ended ? now() - ended.began : 0;
      const blocked = ended?.delay.stop() ?? [];
      const own = stopRecording();
      const calls = rustCalls.stop();
      if (!ended || !show) return;
      const rust = hasRust() ? takeRustLanes() : { lanes: [], dropped: 0 };
      const python = await takePythonLanes(context);
      const lanes: Lane[] = [
        { name: "host blocked", group: "TypeScript", spans: blocked },
        { name: "TypeScript", group: "TypeScript", spans: own.spans },
        ...merged(named("Rust", [...calls.lanes, ...rust.lanes])),
        ...named("Python", python.lanes),
        ...merged(own.lanes.map(ofWorker)),
      ];
      const { number } = context.cell;
      const cell: Lane = {
        name: "cell",
        group: "TypeScript",
        spans: [{ name: `cell ${number}`, kind: "cell", start: ended.began, end: ended.began + wall }],
      };
      const recorded = {
        lanes: since([cell, ...lanes.filter(({ spans }) => spans.length > 0)], ended.began),
        events: [],
        wall,
        dropped: own.dropped + calls.dropped + rust.dropped + python.dropped,
        busy: python.busy,
      };
      const text = chromeTrace(recorded, { title: `%%timeline, cell ${number}`, dropped: recorded.dropped });
      const saved = saveTrace(text, context.folder, name);
      context.display(chartBundle(ganttOf(recorded, saved.said)));
      const result = resultOf(recorded, saved.file);
      if (out !== undefined) context.define(out, result);
    },
  },
};

/** What a worker did: what it waited for others is seen as a gap, and what its code marks is work like that of others. */
const ofWorker = ({ name, spans }: Lane): Lane => ({
  name,
  group: "workers",
  spans: spans
    .filter(({ kind }) => kind !== "idle" && kind !== "imbalance")
    .map((one) => (one.kind === "span" ? { ...one, kind: "work" } : one)),
});

/** Lanes as they are called where others stand beside them. */
const named = (group: string, lanes: readonly Lane[]): Lane[] =>
  lanes.map((lane) => ({ ...lane, name: `${group} ${lane.name}` }));

/** Lanes of one name are one: a worker that worked for several runs, calls and what they mark. */
function merged(lanes: readonly Lane[]): Lane[] {
  const byName = new Map<string, Lane>();
  for (const lane of lanes) {
    const known = byName.get(lane.name);
    byName.set(lane.name, known ? { ...known, spans: [...known.spans, ...lane.spans] } : lane);
  }
  return [...byName.values()];
}
