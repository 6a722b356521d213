import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { newMessage } from "./header.ts";
import { openIpc } from "./ipc.ts";
import type { Message, Wire } from "./message.ts";

/** How many requests back late output finds who asked: as many as the kernel remembers. */
const REMEMBERED = 1000;

/** A request whose reply and idle status have not both come yet. */
interface Waiting {
  reply?: Message;
  idle: boolean;
  resolve: (reply: Message) => void;
  reject: (error: Error) => void;
}

/** The client's end of a kernel over Node IPC. */
export class KernelClient {
  readonly #wire: Wire;
  readonly #session = randomUUID();
  readonly #waiting = new Map<string, Waiting>();
  /** By request, kept after its idle: a cell's timers may print later. */
  readonly #listeners = new Map<string, (message: Message) => void>();

  constructor(kernel: ChildProcess) {
    this.#wire = openIpc(kernel);
    this.#wire.onRequest((message) => this.#take(message));
    this.#wire.onClosed(() => {
      for (const waiting of this.#waiting.values()) waiting.reject(new KernelGone());
      this.#waiting.clear();
    });
  }

  /**
   * Sends a request and resolves with its reply after its idle status, so after all its output, of which `onOutput` gets
   * every iopub and stdin message. Rejects with `KernelGone` if the kernel's end of the pipe closes before.
   */
  async request(
    channel: "shell" | "control",
    type: string,
    content: Record<string, unknown>,
    onOutput?: (message: Message) => void,
  ): Promise<Message> {
    const message = newMessage(channel, type, this.#session, content);
    const { msg_id: id } = message.header;
    if (onOutput) this.#listen(id, onOutput);
    const answered = new Promise<Message>((resolve, reject) => {
      this.#waiting.set(id, { idle: false, resolve, reject });
    });
    this.#wire.send(message).catch(() => {
      this.#waiting.get(id)?.reject(new KernelGone());
      this.#waiting.delete(id);
    });
    return answered;
  }

  #listen(id: string, onOutput: (message: Message) => void): void {
    this.#listeners.set(id, onOutput);
    for (const oldest of this.#listeners.keys()) {
      if (this.#listeners.size <= REMEMBERED || this.#waiting.has(oldest)) break;
      this.#listeners.delete(oldest);
    }
  }

  /** Answers an input_request. What the kernel asks while it ends is nobody's any more. */
  answerInput(question: Message, value: string): void {
    const reply = newMessage("stdin", "input_reply", this.#session, { value }, question);
    this.#wire.send(reply).catch(() => {});
  }

  #take(message: Message): void {
    const id = message.parent_header.msg_id;
    if (id === undefined) return;
    if (message.channel === "iopub" || message.channel === "stdin") this.#listeners.get(id)?.(message);
    if (message.channel === "stdin") return;
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (message.channel !== "iopub") waiting.reply = message;
    else if (message.header.msg_type === "status") waiting.idle = message.content.execution_state === "idle";
    if (!waiting.idle || !waiting.reply) return;
    this.#waiting.delete(id);
    waiting.resolve(waiting.reply);
  }
}

/** The kernel process ended while a request was open. */
export class KernelGone extends Error {
  override name = "KernelGone";
  constructor() {
    super("The kernel has ended.");
  }
}
