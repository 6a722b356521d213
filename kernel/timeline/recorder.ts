import { isThenable } from "../thenable.ts";
import { now } from "./clock.ts";
import type { Lane, Span } from "./spans.ts";

/** More spans of a thread are not kept: some 10 MB. */
export const MOST = 1 << 17;

/** What of a thread was marked while it was recorded, on the clock of `now`. */
export interface Recorded {
  readonly spans: Span[];
  /** Other lanes that something in this thread knows of, such as those of workers. */
  readonly lanes: Lane[];
  /** How many were not kept. */
  dropped: number;
  /** Begun, and not over yet. */
  readonly open: Set<Mark>;
}

let recorded: Recorded | undefined;

/** Whether spans of this thread are kept now. */
export const isRecording = (): boolean => recorded !== undefined;

/** From now on spans of this thread are kept. */
export function startRecording(): void {
  recorded = { spans: [], lanes: [], dropped: 0, open: new Set() };
}

/** What was marked since the start; what is not over ends now. */
export function stopRecording(): Recorded {
  const ended = recorded ?? { spans: [], lanes: [], dropped: 0, open: new Set() };
  for (const mark of ended.open) mark.end();
  recorded = undefined;
  return ended;
}

/** Adds lanes that were recorded elsewhere, on the clock of `now`. */
export function addLanes(lanes: readonly Lane[], dropped = 0): void {
  recorded?.lanes.push(...lanes);
  if (recorded) recorded.dropped += dropped;
}

/** A span that has begun; it is kept where it began while its thread was recorded. */
class Mark {
  readonly #name: string;
  readonly #to = recorded;
  readonly #start = now();

  constructor(name: string) {
    this.#name = name;
    this.#to?.open.add(this);
  }

  end(): void {
    const to = this.#to;
    // Over before, or with its recording.
    if (!to?.open.delete(this)) return;
    if (to.spans.length < MOST)
      to.spans.push({ name: this.#name, kind: "work", start: this.#start, end: now() });
    else to.dropped++;
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/**
 * Marks the time that a function takes, its promise included; without a function, until what is returned is disposed of:
 * `using s = span("parse")`.
 */
export function span(name: string, fn?: () => unknown): unknown {
  const mark = new Mark(String(name));
  if (fn === undefined) return mark;
  let value: unknown;
  try {
    value = fn();
  } catch (error) {
    mark.end();
    throw error;
  }
  if (!isThenable(value)) {
    mark.end();
    return value;
  }
  return value.then(
    (result) => {
      mark.end();
      return result;
    },
    (error: unknown) => {
      mark.end();
      throw error;
    },
  );
}
