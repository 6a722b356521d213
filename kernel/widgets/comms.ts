import { randomUUID } from "node:crypto";
import type { CommMessage } from "../cells/cell.ts";
import type { EngineContext } from "../engine/part.ts";

type Data = Record<string, unknown>;
/** Gets what the front end sends. */
export type MessageHandler = (data: Data, buffers: Uint8Array[]) => unknown;

/** One comm: a line between an object here and one in the front end. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #comms: EngineComms;
  readonly #onMessage: MessageHandler[] = [];
  readonly #onClose: (() => unknown)[] = [];

  constructor(comms: EngineComms, id: string, target: string) {
    this.#comms = comms;
    this.id = id;
    this.target = target;
  }

  send(data: Data, buffers: Uint8Array[] = []): void {
    this.#comms.send("comm_msg", { comm_id: this.id, data }, {}, buffers);
  }

  onMessage(handler: MessageHandler): void {
    this.#onMessage.push(handler);
  }

  onClose(handler: () => unknown): void {
    this.#onClose.push(handler);
  }

  close(data: Data = {}): void {
    this.#comms.send("comm_close", { comm_id: this.id, data }, {}, []);
    this.#comms.forget(this.id);
  }

  async receive({ type, content, buffers }: CommMessage): Promise<void> {
    // JSON from the front end: an object, by the protocol.
    const data = (content.data ?? {}) as Data;
    if (type === "comm_msg") for (const handler of this.#onMessage) await handler(data, buffers);
    if (type === "comm_close") for (const handler of this.#onClose) await handler();
  }
}

type TargetHandler = (comm: Comm, data: Data, buffers: Uint8Array[]) => unknown;

/** The engine's ends of all comms. */
export class EngineComms {
  readonly #context: EngineContext;
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, TargetHandler>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Opens a comm to a target that the front end has registered. */
  open(target: string, data: Data = {}, options: { metadata?: Data; buffers?: Uint8Array[] } = {}): Comm {
    const comm = new Comm(this, randomUUID().replaceAll("-", ""), target);
    this.#open.set(comm.id, comm);
    const { metadata = {}, buffers = [] } = options;
    this.send("comm_open", { comm_id: comm.id, target_name: target, data }, metadata, buffers);
    return comm;
  }

  /** Lets front ends open comms to `target`. */
  async register(target: string, handler: TargetHandler): Promise<void> {
    this.#targets.set(target, handler);
    await this.#context.ask("comm.target", { name: target });
  }

  send(type: CommMessage["type"], content: Data, metadata: Data, buffers: Uint8Array[]): void {
    // In its place among the cell's output. A closed comm is the only reason to fail, and then nobody listens.
    this.#context.ask("comm.send", { type, content, metadata, buffers }).catch(() => {});
  }

  forget(id: string): void {
    this.#open.delete(id);
  }

  /** Takes what the front end says. */
  async receive(message: CommMessage): Promise<void> {
    const { type, content, buffers } = message;
    const id = String(content.comm_id);
    if (type === "comm_open") {
      const target = String(content.target_name);
      const comm = new Comm(this, id, target);
      this.#open.set(id, comm);
      await this.#targets.get(target)?.(comm, (content.data ?? {}) as Data, buffers);
      return;
    }
    const comm = this.#open.get(id);
    if (type === "comm_close") this.#open.delete(id);
    await comm?.receive(message);
  }
}
