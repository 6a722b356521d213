import { randomUUID } from "node:crypto";
import { newMessage } from "./header.ts";
import type { Channel, Message, Wire } from "./message.ts";

/** Sends what the kernel says: replies, and on iopub statuses and output, each under the request it belongs to. */
export class Publisher {
  readonly #session = randomUUID();
  readonly #wire: Wire;
  readonly #pending = new Set<Promise<void>>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Publishes on iopub, under `request` where there is one. */
  publish(
    type: string,
    content: Record<string, unknown>,
    request?: Message,
    metadata?: Record<string, unknown>,
    buffers?: Uint8Array[],
  ): void {
    this.#send("iopub", type, content, request, metadata, buffers);
  }

  /** Asks the front end that sent `request`; the id of the message, which its answer names. */
  ask(type: string, content: Record<string, unknown>, request: Message): string {
    return this.#send("stdin", type, content, request);
  }

  status(state: "starting" | "busy" | "idle", request?: Message): void {
    this.publish("status", { execution_state: state }, request);
  }

  /** Answers a request on its own channel: `x_request` by `x_reply`. */
  reply(request: Message, content: Record<string, unknown>): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#send(request.channel, type, content, request);
  }

  /** Resolves when everything sent so far has been handed over. */
  async drained(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #send(
    channel: Channel,
    type: string,
    content: Record<string, unknown>,
    request?: Message,
    metadata?: Record<string, unknown>,
    buffers: Uint8Array[] = [],
  ): string {
    const message = { ...newMessage(channel, type, this.#session, content, request, metadata), buffers };
    const sent = this.#wire
      .send(message)
      // The client has gone, which the wire reports by itself, or the content cannot be written: neither ends the kernel.
      .catch((error: Error) => console.error(`tandem: a ${type} message was not sent: ${error.message}`))
      .finally(() => this.#pending.delete(sent));
    this.#pending.add(sent);
    return message.header.msg_id;
  }
}
