import type { CellOutput, CommMessage } from "../cells/cell.ts";
import type { Message, MimeBundle } from "./message.ts";
import type { Publisher } from "./publisher.ts";

/**
 * Stream text waits for more of it, in ms: at first so short that nobody sees it, then longer while it goes on, up to what
 * a front end draws in a second. A loop of small prints becomes a few messages.
 */
const FIRST_DELAY = 5;
const LONGEST_DELAY = 50;
/** Stream text is sent at once when there is this much of it, in UTF-16 units. */
const BATCH = 64 * 1024;

/** A cell's output as Jupyter messages, in the order of the calls. */
export class PublishedOutput implements CellOutput {
  readonly #publisher: Publisher;
  readonly #request: Message;
  /** The count that an execute_result carries; known when the cell starts. */
  executionCount = 0;
  /** What the reply asks of the front end. */
  readonly payload: Record<string, unknown>[] = [];
  #name: "stdout" | "stderr" = "stdout";
  #text = "";
  #timer: NodeJS.Timeout | undefined;
  #delay = FIRST_DELAY;
  /** When text went out last, as `performance.now()` tells. */
  #sentAt = Number.NEGATIVE_INFINITY;
  #announce: (() => void) | undefined;

  constructor(publisher: Publisher, request: Message) {
    this.#publisher = publisher;
    this.#request = request;
  }

  /**
   * Announces the cell before anything of it goes out, and behind what starts it: the engine has the cell by then, and
   * works on it while the messages are written.
   */
  begin(announce: () => void): void {
    this.#announce = announce;
    queueMicrotask(() => this.#announceOnce());
  }

  #announceOnce(): void {
    this.#announce?.();
    this.#announce = undefined;
  }

  nextInput(text: string): void {
    this.payload.push({ source: "set_next_input", text, replace: false });
  }

  stream(name: "stdout" | "stderr", text: string): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#text += text;
    if (this.#text.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.#nextDelay());
  }

  /** Twice the last delay where text comes right behind the text before. */
  #nextDelay(): number {
    const goesOn = performance.now() - this.#sentAt < LONGEST_DELAY;
    this.#delay = goesOn ? Math.min(2 * this.#delay, LONGEST_DELAY) : FIRST_DELAY;
    return this.#delay;
  }

  display(data: MimeBundle, metadata: Record<string, unknown> = {}, displayId?: string): void {
    this.#publish("display_data", { data, metadata, transient: transient(displayId) });
  }

  updateDisplay(displayId: string, data: MimeBundle, metadata: Record<string, unknown> = {}): void {
    this.#publish("update_display_data", { data, metadata, transient: transient(displayId) });
  }

  clear(wait: boolean): void {
    this.#publish("clear_output", { wait });
  }

  result(data: MimeBundle, metadata: Record<string, unknown> = {}): void {
    this.#publish("execute_result", { data, metadata, execution_count: this.executionCount });
  }

  comm({ type, content, metadata, buffers }: CommMessage): void {
    this.flush();
    this.#publisher.publish(type, content, this.#request, metadata, buffers);
  }

  drained(): Promise<void> {
    this.flush();
    return this.#publisher.drained();
  }

  /** Sends what stream text still waits. Called before anything else of the cell goes out. */
  flush(): void {
    this.#announceOnce();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    this.#sentAt = performance.now();
    for (const part of parts(text)) {
      this.#publisher.publish("stream", { name: this.#name, text: part }, this.#request);
    }
  }

  #publish(type: string, content: Record<string, unknown>): void {
    this.flush();
    this.#publisher.publish(type, content, this.#request);
  }
}

/** A text in parts of which none is much longer than a batch. */
function* parts(text: string): Iterable<string> {
  let from = 0;
  while (text.length - from > 2 * BATCH) {
    // Not between the halves of a character.
    const end = from + BATCH - (isHighSurrogate(text.charCodeAt(from + BATCH - 1)) ? 1 : 0);
    yield text.slice(from, end);
    from = end;
  }
  yield text.slice(from);
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;

function transient(displayId: string | undefined): Record<string, unknown> {
  return displayId === undefined ? {} : { display_id: displayId };
}
