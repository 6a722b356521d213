import { origin } from "../../timeline/clock.ts";
import { MOST } from "../../timeline/recorder.ts";
import { type Lane, type Span, since, type Timeline } from "../../timeline/spans.ts";

/** `imbalance`: this worker was done while others were not; `idle`: nothing was there to be worked on. */
export type Phase = "work" | "spawn" | "set-up" | "transfer" | "idle" | "imbalance";

/**
 * What ran when, for the chart and the file of a traced run: the main thread first, where it worked on items, then the
 * workers. Kinds are phases, and `span` for what the code itself marks.
 */
export interface Trace extends Timeline {
  /** From the run's start to its end, ms. */
  readonly wall: number;
  readonly workers: number;
  /** What the code marked and there was no room for. */
  readonly dropped: number;
}

interface TracedWorker {
  readonly number: number;
  readonly startedAt: number;
  readonly upAt: number | undefined;
}

interface Work {
  readonly start: number;
  readonly end: number;
  readonly lo: number;
  readonly hi: number;
}

/** What a worker tells of the items it worked on. */
interface Told {
  /** When it began, in ms on the system's monotonic clock. */
  readonly at: number;
  readonly ms: number;
  /** What the code marked meanwhile, on the same clock. */
  readonly spans?: readonly Span[];
}

interface Record {
  worker: TracedWorker;
  prepared: number;
  ready: number | undefined;
  /** When the items from `lo` were sent. */
  readonly sent: Map<number, number>;
  readonly work: Work[];
  readonly marked: Span[];
}

/** Takes note of what happens in a run. Times are the main thread's, on the clock of `performance.now`. */
export class Tracer {
  readonly #began = performance.now();
  readonly #records = new Map<number, Record>();
  readonly #events: { at: number; name: string; lane: string }[] = [];
  #inMain: Work | undefined;
  #marked = 0;
  #dropped = 0;

  /** The first items were worked on in the main thread. */
  inMain(items: number): void {
    const end = performance.now();
    if (items > 0) this.#inMain = { start: this.#began, end, lo: 0, hi: items };
  }

  prepared(worker: TracedWorker): void {
    const known = this.#records.get(worker.number);
    if (known) known.worker = worker;
    else
      this.#records.set(worker.number, {
        worker,
        prepared: performance.now(),
        ready: undefined,
        sent: new Map(),
        work: [],
        marked: [],
      });
  }

  ready(worker: TracedWorker): void {
    const record = this.#records.get(worker.number);
    if (record) record.ready ??= performance.now();
  }

  sent(worker: TracedWorker, lo: number, _hi: number, at: number): void {
    this.#records.get(worker.number)?.sent.set(lo, at);
  }

  worked(worker: TracedWorker, lo: number, hi: number, { at, ms, spans = [] }: Told): void {
    const record = this.#records.get(worker.number);
    if (!record) return;
    const start = at - origin;
    record.work.push({ start, end: start + ms, lo, hi });
    const kept = spans.slice(0, MOST - this.#marked);
    this.#marked += kept.length;
    this.#dropped += spans.length - kept.length;
    for (const { name = "", start, end } of kept)
      record.marked.push({ name, kind: "span", start: start - origin, end: end - origin });
  }

  event(name: string, worker: TracedWorker, item: number | undefined): void {
    const text = item === undefined ? name : `${name} at item ${item}`;
    this.#events.push({ at: performance.now() - this.#began, name: text, lane: laneName(worker.number) });
  }

  /** What happened until now. */
  finish(workers: number): Trace {
    const end = performance.now();
    const records = [...this.#records.values()].toSorted((a, b) => a.worker.number - b.worker.number);
    const lastWork = Math.max(0, ...records.flatMap(({ work }) => work.map((one) => one.end)));
    const main: Lane[] = this.#inMain
      ? [{ name: "main thread", spans: [span("work", this.#inMain.start, this.#inMain.end, this.#inMain)] }]
      : [];
    const lanes = [
      ...main,
      ...records.map((record) => ({
        name: laneName(record.worker.number),
        spans: [...spansOf(record, this.#began, lastWork, end), ...record.marked],
      })),
    ];
    return {
      lanes: since(lanes, this.#began),
      events: this.#events,
      wall: end - this.#began,
      workers,
      dropped: this.#dropped,
    };
  }

  /** When the run began, in ms on the system's monotonic clock. */
  get began(): number {
    return this.#began + origin;
  }
}

const laneName = (worker: number) => `worker ${worker}`;

/** All of a worker's time from the run's start to its end, by what it went into. */
function spansOf(
  { worker, prepared, ready, sent, work }: Record,
  began: number,
  lastWork: number,
  end: number,
): Span[] {
  const spans: Span[] = [];
  let at = began;
  const until = (to: number, kind: Phase) => {
    if (to > at) spans.push(span(kind, at, to));
    at = Math.max(at, to);
  };
  // Until it was given something: the first items ran in the main thread, or others had the pool.
  until(Math.min(worker.startedAt, prepared), "idle");
  const sorted = work.toSorted((a, b) => a.start - b.start);
  // The main thread may be too busy to hear that it is up.
  const up = Math.min(worker.upAt ?? end, sorted[0]?.start ?? end);
  if (up > began) until(up, "spawn");
  until(prepared, "idle");
  // The answer waits for its turn in the main thread; the work that follows does not.
  if (ready !== undefined) until(Math.min(ready, sorted[0]?.start ?? ready), "set-up");
  for (const one of sorted) {
    until(sent.get(one.lo) ?? at, "idle");
    until(one.start, "transfer");
    spans.push(span("work", Math.max(at, one.start), one.end, one));
    at = Math.max(at, one.end);
  }
  until(lastWork, "imbalance");
  until(end, "transfer");
  return spans;
}

const span = (kind: Phase, start: number, end: number, items?: Work): Span => ({
  kind,
  start,
  end,
  ...(items ? { lo: items.lo, hi: items.hi } : {}),
});
