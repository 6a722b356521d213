import { textOf } from "./fields.ts";
import type { Message } from "./message.ts";
import type { Publisher } from "./publisher.ts";

interface Open {
  readonly request: Message;
  answer(value: string): void;
}

/** The input_requests that a front end has not answered yet. */
export class Inputs {
  readonly #publisher: Publisher;
  /** By the input_request's id, oldest first. */
  readonly #open = new Map<string, Open>();

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  /** Asks who sent `request`, an execute_request. */
  ask(request: Message, prompt: string, password: boolean): Promise<string> {
    return new Promise((resolve) => {
      const id = this.#publisher.ask("input_request", { prompt, password }, request);
      this.#open.set(id, { request, answer: resolve });
    });
  }

  /**
   * Takes an input_reply. Some clients name no parent: then it answers the oldest question asked of that client's
   * session. What answers nothing is dropped.
   */
  answer(reply: Message): void {
    const named = reply.parent_header.msg_id;
    const { session } = reply.header;
    const [id, open] =
      [...this.#open].find(([asked]) => asked === named) ??
      [...this.#open].find(([, { request }]) => request.header.session === session) ??
      [];
    if (id === undefined || !open) return;
    this.#open.delete(id);
    open.answer(textOf(reply.content.value));
  }

  /** A cell is over: nobody waits for its answers. */
  forget(request: Message): void {
    for (const [id, open] of this.#open) if (open.request === request) this.#open.delete(id);
  }
}
