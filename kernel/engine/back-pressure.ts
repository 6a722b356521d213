import type { Readable } from "node:stream";
import type { CellOutput } from "../cells/cell.ts";

/** How far a process may be ahead of the client, in UTF-16 units of text or bytes of events. */
const MOST_AHEAD = 256 * 1024;
/** What each piece counts besides: as a message of its own it costs the client more than its text. */
const EACH = 1024;

/**
 * Lets a process that writes faster than the client reads wait, by full pipes. What is under way stays bounded, so an
 * interrupt's answer is soon behind it.
 */
export class BackPressure {
  readonly #pipes: readonly Readable[];
  #ahead = 0;
  #waiting = false;
  #ended = false;

  constructor(pipes: readonly Readable[]) {
    this.#pipes = pipes;
  }

  /** So much was handed to an output. */
  count(size: number, output: CellOutput | undefined): void {
    this.#ahead += size + EACH;
    if (this.#ahead < MOST_AHEAD || this.#waiting || this.#ended || !output) return;
    this.#waiting = true;
    for (const pipe of this.#pipes) pipe.pause();
    void output.drained().finally(() => {
      this.#waiting = false;
      this.#ahead = 0;
      for (const pipe of this.#pipes) pipe.resume();
    });
  }

  /** The process has gone: what it left in the pipes is not much. */
  end(): void {
    this.#ended = true;
    for (const pipe of this.#pipes) pipe.resume();
  }
}
