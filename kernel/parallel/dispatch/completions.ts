import type { Collector } from "./collect.ts";

/** An item's result, or its error where the run keeps going. */
export type Completion =
  | { readonly index: number; readonly value: unknown }
  | { readonly index: number; readonly error: unknown };

/** Results that nobody has taken yet hold the run up from here on. */
const MOST_WAITING = 1024;

/** Hands results on in the order in which they come; who takes them slowly slows the run down. */
export class StreamCollector implements Collector {
  readonly sends = "each";
  onRoom = (): void => {};
  /** Whether failed items are handed on as well. */
  readonly #failures: boolean;
  readonly #ready: Completion[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  constructor(failures: boolean) {
    this.#failures = failures;
  }

  get full(): boolean {
    return this.#ready.length - this.#taken >= MOST_WAITING;
  }

  put(index: number, value: unknown): void {
    this.#push({ index, value });
  }

  putOne(): void {}

  fail(index: number, error: unknown): void {
    if (this.#failures) this.#push({ index, error });
  }

  value(): undefined {
    return undefined;
  }

  /** The next that is there; undefined where none is. */
  take(): Completion | undefined {
    const wasFull = this.full;
    const next = this.#ready[this.#taken++];
    if (next === undefined) {
      this.#ready.length = 0;
      this.#taken = 0;
      return undefined;
    }
    // An array's front is not cheap to take off.
    if (this.#taken > MOST_WAITING) {
      this.#ready.splice(0, this.#taken);
      this.#taken = 0;
    }
    if (wasFull && !this.full) this.onRoom();
    return next;
  }

  /** Resolves when there is something more. */
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #push(completion: Completion): void {
    this.#ready.push(completion);
    this.#wake?.();
  }
}

/** What a parallel run gives as its items end: the run starts when it is first asked, and ends with who asks. */
export class Completions implements AsyncIterableIterator<Completion> {
  readonly #collector: StreamCollector;
  readonly #start: (signal: AbortSignal) => Promise<unknown>;
  readonly #stop = new AbortController();
  #over: "no" | "yes" | { error: unknown } = "no";
  #running: Promise<void> | undefined;

  constructor(collector: StreamCollector, start: (signal: AbortSignal) => Promise<unknown>) {
    this.#collector = collector;
    this.#start = start;
    // How it shows as a cell's value.
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), {
      value: () => "Results as they come: for await (const { index, value } of …)",
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Completion>> {
    this.#running ??= this.#run();
    for (;;) {
      const value = this.#collector.take();
      if (value) return { done: false, value };
      if (this.#over === "yes") return { done: true, value: undefined };
      if (this.#over !== "no") {
        const { error } = this.#over;
        this.#over = "yes";
        throw error;
      }
      await Promise.race([this.#collector.more(), this.#running]);
    }
  }

  /** Ends the run: a loop over it was left. */
  async return(): Promise<IteratorResult<Completion>> {
    this.#over = "yes";
    this.#stop.abort();
    await this.#running;
    return { done: true, value: undefined };
  }

  async #run(): Promise<void> {
    try {
      await this.#start(this.#stop.signal);
      if (this.#over === "no") this.#over = "yes";
    } catch (error) {
      if (this.#over === "no") this.#over = { error };
    }
  }
}
