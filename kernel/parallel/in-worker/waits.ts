// User code may replace the global timers.
import { clearTimeout, setTimeout } from "node:timers";
import { STATUS } from "../protocol.ts";
import type { Line } from "./line.ts";

/** A promise that is waited for this long is looked into, in ms. */
const LONG = 150;

/**
 * Tells the engine of items that wait for something that nothing in this worker can bring: a promise while its event
 * loop is empty, or `Atomics.wait` without a limit. Other workers may bring it; where all wait, none will.
 */
export class Waits {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
    watchAtomics(line);
  }

  /** Awaits what an item returned. */
  async forItem(run: number, item: number, promise: PromiseLike<unknown>): Promise<unknown> {
    let told = false;
    let cancel = () => {};
    const timer = setTimeout(() => {
      cancel = this.#line.whenIdle(() => {
        told = true;
        this.#line.post({ type: "waits", run, item, how: "await" });
      });
    }, LONG);
    // It would keep the loop alive itself.
    timer.unref();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      cancel();
      if (told) this.#line.post({ type: "waitsNot", run });
    }
  }
}

const OURS = /\bnode:|[\\/](?:worker|hooks)\.cjs\b/;

/** Tells of each `Atomics.wait` without a limit before it blocks the thread. */
function watchAtomics(line: Line): void {
  const { wait } = Atomics;
  const watched = (array: Int32Array, index: number, value: number, timeout?: number) => {
    const item = line.status[STATUS.item] ?? -1;
    if (item < 0 || (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY))
      return wait(array, index, value, timeout);
    // Most such waits are short.
    const soon = wait(array, index, value, LONG);
    if (soon !== "timed-out") return soon;
    const stack = new Error().stack ?? "";
    // Node's loader and our importer wait for threads of their own.
    if (OURS.test(stack.split("\n")[2] ?? "")) return wait(array, index, value);
    const at = /cell-\d+\.\w+:\d+/.exec(stack)?.[0];
    line.post({ type: "waits", run: 0, item, how: "Atomics.wait", ...(at ? { at } : {}) });
    const found = wait(array, index, value);
    line.post({ type: "waitsNot", run: 0 });
    return found;
  };
  Object.defineProperty(Atomics, "wait", { value: watched, writable: true, configurable: true });
}
