/** What is done when the language server ends by itself; nothing here knows VS Code. */

/** The ending that is not followed by a new start, counted within `WINDOW`. */
const LIMIT = 5;
/** How long an ending counts, in ms. */
const WINDOW = 3 * 60_000;

/** `tell`: start again and say so; `restart`: start again in silence, it was just said; `stop`: no new start. */
export type AfterCrash = "tell" | "restart" | "stop";

/** Remembers endings, so that a server that cannot live is not started for ever and nobody is told twice. */
export class Crashes {
  #times: number[] = [];

  /** The server has ended at `now`, in ms. */
  add(now: number): AfterCrash {
    this.#times = this.#times.filter((time) => now - time < WINDOW);
    this.#times.push(now);
    if (this.#times.length >= LIMIT) return "stop";
    return this.#times.length === 1 ? "tell" : "restart";
  }

  /** A person has started it anew: what was before no longer counts. */
  forget(): void {
    this.#times = [];
  }
}

/** How a process ended, for people: `signal SIGKILL`, `exit code 1`. */
export function howEnded(code: number | null, signal: string | null): string {
  if (signal !== null) return `signal ${signal}`;
  return code === null ? "its connection closed" : `exit code ${code}`;
}
