import { MarkerReader } from "./markers.ts";

type Item = { text: string } | { place: number };

/**
 * Brings the three pipes of a child process (engine, Python) into one order. Stdout gives the order: its raw text,
 * and a marker where each event belongs, whose content stands in it or comes by a pipe of its own. A `done` also waits for
 * its marker in stderr, so that native stderr output comes before it.
 */
export class OrderedOutput<Event extends { type: string }> {
  readonly #onText: (name: "stdout" | "stderr", text: string) => void;
  readonly #onEvent: (event: Event & { place: number }) => void;
  readonly #stdout: MarkerReader;
  readonly #stderr: MarkerReader;
  readonly #events = new Map<number, Event & { place: number }>();
  #waiting: Item[] = [];
  #stderrPlace = -1;

  /** `decode` reads what stands in a marker. */
  constructor(
    nonce: string,
    onText: (name: "stdout" | "stderr", text: string) => void,
    onEvent: (event: Event & { place: number }) => void,
    decode?: (content: Buffer) => Event & { place: number },
  ) {
    this.#onText = onText;
    this.#onEvent = onEvent;
    this.#stdout = new MarkerReader(
      nonce,
      (text) => this.#put({ text }),
      (place, content) => {
        if (content && decode) this.#events.set(place, decode(content));
        this.#put({ place });
      },
    );
    this.#stderr = new MarkerReader(
      nonce,
      (text) => this.#onText("stderr", text),
      (place) => {
        this.#stderrPlace = place;
        this.#drain();
      },
    );
  }

  stdout(chunk: Buffer): void {
    this.#stdout.push(chunk);
  }

  stderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
  }

  event(event: Event & { place: number }): void {
    this.#events.set(event.place, event);
    this.#drain();
  }

  /** The process has died: hands out all that it managed to say, events that lost their marker last. */
  end(): void {
    this.#stdout.end();
    this.#stderr.end();
    this.#stderrPlace = Number.POSITIVE_INFINITY;
    const left = this.#waiting;
    this.#waiting = [];
    for (const item of left) this.#emit(item);
    const unplaced = [...this.#events.values()].sort((a, b) => a.place - b.place);
    this.#events.clear();
    for (const event of unplaced) this.#onEvent(event);
  }

  #put(item: Item): void {
    if (this.#waiting.length > 0 || !this.#ready(item)) this.#waiting.push(item);
    else this.#emit(item);
  }

  #drain(): void {
    for (let item = this.#waiting[0]; item && this.#ready(item); item = this.#waiting[0]) {
      this.#waiting.shift();
      this.#emit(item);
    }
  }

  #ready(item: Item): boolean {
    if ("text" in item) return true;
    const event = this.#events.get(item.place);
    return event !== undefined && (event.type !== "done" || this.#stderrPlace >= item.place);
  }

  #emit(item: Item): void {
    if ("text" in item) {
      this.#onText("stdout", item.text);
      return;
    }
    // An interrupt may come between an event and its marker: such an event stands before the next one.
    for (const [place, lost] of this.#events) {
      if (place >= item.place) break;
      this.#events.delete(place);
      this.#onEvent(lost);
    }
    const event = this.#events.get(item.place);
    this.#events.delete(item.place);
    if (event) this.#onEvent(event);
  }
}
