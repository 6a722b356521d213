import type { EngineContext } from "../engine/part.ts";
import { PythonClient } from "./client.ts";
import type { RunnerAddress } from "./socket.ts";

/** The engine's connections to interpreters. */
export class PythonConnections {
  readonly #context: EngineContext;
  /** By what user code calls the interpreter; the one that `py` means has no name. */
  readonly #named = new Map<string | undefined, Promise<PythonClient>>();
  /** By nonce. */
  readonly #clients = new Map<string, Promise<PythonClient>>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The interpreter of this name, or the one that `py` means; the kernel starts it where there is none. */
  async get(python: string | undefined): Promise<PythonClient> {
    const known = await this.#named.get(python)?.catch(() => undefined);
    if (known?.open) return known;
    const asked = this.#ask(python);
    this.#named.set(python, asked);
    return await asked;
  }

  /** From now on `py` means this interpreter. */
  use(address: RunnerAddress): void {
    this.#named.set(undefined, this.at(address));
  }

  /** The interpreter that listens there. */
  at(address: RunnerAddress): Promise<PythonClient> {
    const client = this.#clients.get(address.nonce) ?? PythonClient.connect(address, this.#context);
    this.#clients.set(address.nonce, client);
    return client;
  }

  /** Those that are connected now; nothing is started. */
  async open(): Promise<PythonClient[]> {
    const known = await Promise.all([...this.#clients.values()].map((one) => one.catch(() => undefined)));
    return known.flatMap((one) => (one?.open ? [one] : []));
  }

  async #ask(python: string | undefined): Promise<PythonClient> {
    const params = python === undefined ? {} : { python };
    // The kernel's half of this part answers with an address.
    return await this.at((await this.#context.ask("python.start", params)) as RunnerAddress);
  }
}

const connections = new WeakMap<EngineContext, PythonConnections>();

/** The connections of an engine. */
export function connectionsOf(context: EngineContext): PythonConnections {
  const known = connections.get(context) ?? new PythonConnections(context);
  connections.set(context, known);
  return known;
}
