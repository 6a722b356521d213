import { fail } from "../errors.ts";
import type { Cell, CellOutput, CommMessage } from "./cell.ts";
import type { Part, Session } from "./session.ts";

/** The comms between the front end and objects in the engine: which are open, and what goes either way. */
export class Comms implements Part {
  readonly handlers = {
    /** The engine sends: the message belongs to what it ran last. */
    send: (message: CommMessage) => {
      const id = String(message.content.comm_id);
      if (message.type === "comm_open") this.#open.set(id, String(message.content.target_name));
      else if (!this.#open.has(id)) throw fail("commClosed", id);
      if (message.type === "comm_close") this.#open.delete(id);
      this.#output?.comm?.(message);
    },
    /** The engine has a handler for comms that front ends open under this name. */
    target: ({ name }: { name: string }) => {
      this.#targets.add(name);
    },
  };
  readonly #session: Session;
  readonly #open = new Map<string, string>();
  readonly #targets = new Set<string>();
  #output: CellOutput | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Target names by comm id. */
  get open(): ReadonlyMap<string, string> {
    return this.#open;
  }

  /**
   * Hands on a message of the front end's. `cell`: what the handlers print is its output. What is for a target or a comm
   * that is not there is answered by comm_close, as the protocol asks.
   */
  async receive(message: CommMessage, cell: Cell): Promise<void> {
    const id = String(message.content.comm_id);
    const known =
      message.type === "comm_open"
        ? this.#targets.has(String(message.content.target_name))
        : this.#open.has(id);
    if (!known) {
      if (message.type !== "comm_close") cell.output.comm?.(closing(id));
      return;
    }
    if (message.type === "comm_open") this.#open.set(id, String(message.content.target_name));
    if (message.type === "comm_close") this.#open.delete(id);
    this.#output = cell.output;
    await this.#session.engine.call(cell, "comm.receive", message);
  }

  cellStarts(cell: Cell): void {
    this.#output = cell.output;
  }

  /** The objects are gone: front ends are told. */
  engineReplaced(): void {
    for (const id of this.#open.keys()) this.#output?.comm?.(closing(id));
    this.#open.clear();
    this.#targets.clear();
  }

  async close(): Promise<void> {}
}

const closing = (id: string): CommMessage => ({
  type: "comm_close",
  content: { comm_id: id, data: {} },
  metadata: {},
  buffers: [],
});

export const comms = (session: Session): Comms => new Comms(session);
