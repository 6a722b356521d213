import type { EngineContext } from "../engine/part.ts";
import { PythonClient, type PythonRequest } from "./client.ts";
import type { RunnerAddress } from "./socket.ts";

/** From this size on, in bytes, a copy is told: it takes milliseconds. */
const TOLD = 8 * 1024 * 1024;

/** The engine's connections to interpreters. */
export class PythonConnections {
  readonly #context: EngineContext;
  /** By what user code calls the interpreter; the one that `py` means has no name. */
  readonly #named = new Map<string | undefined, Promise<PythonClient>>();
  /** Those of them that have connected: no promise is made of these for each call. */
  readonly #open = new Map<string | undefined, PythonClient>();
  /** What copies were told of. */
  readonly #told = new Set<string>();
  /** By nonce. */
  readonly #clients = new Map<string, Promise<PythonClient>>();

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The interpreter of this name, or the one that `py` means; the kernel starts it where there is none. */
  async get(python: string | undefined): Promise<PythonClient> {
    const open = this.#open.get(python);
    if (open?.open) return open;
    const known = await this.#named.get(python)?.catch(() => undefined);
    if (known?.open) {
      this.#open.set(python, known);
      return known;
    }
    const asked = this.#ask(python);
    this.#named.set(python, asked);
    return await asked;
  }

  /** From now on `py` means this interpreter. */
  use(address: RunnerAddress): void {
    this.#open.delete(undefined);
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

  /** Sends a request by a client that may still connect; tells what had to be copied. As `PythonClient.send`. */
  async deliver(client: Promise<PythonClient>, request: PythonRequest): Promise<unknown> {
    try {
      return await (await client).send(request);
    } finally {
      request.release();
      if (request.copied.length > 0) this.#tell(request);
    }
  }

  /** Says once for each name what was copied and could be shared instead. */
  #tell({ copied }: PythonRequest): void {
    for (const [name, bytes] of copied) {
      if (bytes < TOLD || this.#told.has(name)) continue;
      this.#told.add(name);
      const size = `${Math.round(bytes / 1024 / 1024)} MB`;
      this.#context.stream(
        "stderr",
        `${name} (${size}) was copied; made by tandem.array it would be shared.\n`,
      );
    }
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
