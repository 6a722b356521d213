import type { CellOutput, CommMessage } from "../cells/cell.ts";
import type { Message, MimeBundle } from "./message.ts";
import type { Publisher } from "./publisher.ts";

/** Stream text waits this long for more of it, in ms: a loop of small prints becomes a few messages. */
const DELAY = 5;
/** Stream text is sent at once when there is this much of it, in UTF-16 units. */
const BATCH = 64 * 1024;

/** A cell's output as Jupyter messages, in the order of the calls. */
export class PublishedOutput implements CellOutput {
  readonly #publisher: Publisher;
  readonly #request: Message;
  /** The count that an execute_result carries; known when the cell starts. */
  executionCount = 0;
  #name: "stdout" | "stderr" = "stdout";
  #text = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(publisher: Publisher, request: Message) {
    this.#publisher = publisher;
    this.#request = request;
  }

  stream(name: "stdout" | "stderr", text: string): void {
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#text += text;
    if (this.#text.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), DELAY);
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text === "") return;
    const text = this.#text;
    this.#text = "";
    this.#publisher.publish("stream", { name: this.#name, text }, this.#request);
  }

  #publish(type: string, content: Record<string, unknown>): void {
    this.flush();
    this.#publisher.publish(type, content, this.#request);
  }
}

function transient(displayId: string | undefined): Record<string, unknown> {
  return displayId === undefined ? {} : { display_id: displayId };
}
