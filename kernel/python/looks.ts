/** How long an editor waits for what Python knows of a name, in ms. */
const LIMIT = 500;
/** How much of that is left for the answer's way, so that the next question finds Python free. */
const WAY = 100;

/** What editors ask an interpreter, one question at a time. */
export class Looks {
  readonly #send: (method: string, params: object) => number;
  readonly #isFree: () => boolean;
  #open: { id: number; since: number; answered: Promise<unknown>; answer(found: unknown): void } | undefined;

  /** `send` gives the request's number; `isFree`: whether Python can answer now. */
  constructor(send: (method: string, params: object) => number, isFree: () => boolean) {
    this.#send = send;
    this.#isFree = isFree;
  }

  /** Resolves to undefined where nothing is known, where Python is not free, and when the time is over. Never rejects. */
  async ask(method: "complete" | "inspect", text: string, offset: number): Promise<unknown> {
    const until = Date.now() + LIMIT;
    for (let before = this.#open; before; before = this.#open) {
      // What has taken so long already is not about to end.
      const left = Math.min(until, before.since + LIMIT) - Date.now();
      if (left <= 0) return undefined;
      await Promise.race([before.answered, after(left)]);
    }
    if (!this.#isFree()) return undefined;
    let answer: (found: unknown) => void = () => {};
    const answered = new Promise<unknown>((resolve) => {
      answer = resolve;
    });
    const id = this.#send(method, { text, offset, until: until - WAY });
    this.#open = { id, since: Date.now(), answered, answer };
    return await Promise.race([answered, after(until - Date.now())]);
  }

  /** Python has answered the request of this number. */
  answered({ id, found }: { id: number; found: unknown }): void {
    if (this.#open?.id !== id) return;
    const { answer } = this.#open;
    this.#open = undefined;
    answer(found);
  }

  /** Python has ended. */
  end(): void {
    this.#open?.answer(undefined);
    this.#open = undefined;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
