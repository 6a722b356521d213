import { now } from "./clock.ts";
import type { Span } from "./spans.ts";

/** The event loop is looked at once in so many ms. */
const PERIOD = 2;
/** A look that comes later than this, in ms, means that the loop was blocked. */
const LEAST = 10;
/** More are not kept. */
const MOST = 1 << 16;

/**
 * Watches when this thread's event loop is blocked: a timer that is late could not run, as no promise, message or interrupt
 * handler could. A span is the lateness of one look, so it may begin up to two ms after what blocks.
 */
export class HostDelay {
  readonly #spans: Span[] = [];
  #due = now() + PERIOD;
  readonly #timer = setInterval(() => this.#look(), PERIOD);

  #look(): void {
    const at = now();
    if (at - this.#due >= LEAST && this.#spans.length < MOST)
      this.#spans.push({ kind: "blocked", start: this.#due, end: at });
    this.#due = at + PERIOD;
  }

  /** Ends the watch. */
  stop(): Span[] {
    clearInterval(this.#timer);
    this.#look();
    return this.#spans;
  }
}
