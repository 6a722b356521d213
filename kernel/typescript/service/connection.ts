import { type ChildProcess, spawn } from "node:child_process";

/** A message of the language server protocol: JSON-RPC 2.0. */
interface RpcMessage {
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** Longest wait for an answer, ms: types can be written that take for ever to compare. */
const PATIENCE = 30_000;

/** A language server in a child process. Never keeps this process alive, and ends with it. */
export class LspConnection {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes to wait for before the next message can be complete. */
  #needed = 0;
  #id = 0;
  #alive = true;

  /** What the server is told of settings: a value for each section that it asks for, null where there is none. */
  readonly #settings: (sections: readonly string[]) => Promise<unknown[]>;

  constructor(
    file: string,
    cwd: string,
    settings: (sections: readonly string[]) => Promise<unknown[]> = async (sections) =>
      sections.map(() => null),
  ) {
    this.#settings = settings;
    // Half the default garbage: 140 MiB instead of 230 after 50 cells, for no measurable time.
    const env = { GOGC: "50", ...process.env };
    this.#child = spawn(file, ["--lsp", "--stdio"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    const { stdin, stdout } = this.#child;
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#end();
        resolve();
      };
      this.#child.once("error", end).once("exit", end);
    });
    // A server that died is told by its exit.
    stdin?.on("error", () => {});
    stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
    for (const handle of [this.#child, stdin, stdout]) (handle as { unref?(): void } | null)?.unref?.();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Rejects when the server answers with an error, ends, or does not answer in time (it is ended then). A signal calls the
   * request off: the server is told, and answers with an error.
   */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    if (!this.#alive) return Promise.reject(new ServerEnded());
    if (signal?.aborted) return Promise.reject(new Error("The request was called off."));
    const id = ++this.#id;
    signal?.addEventListener("abort", () => this.notify("$/cancelRequest", { id }), { once: true });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(), PATIENCE);
      timer.unref();
      this.#waiting.set(id, { resolve, reject, timer });
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    if (this.#alive) this.#send({ method, params });
  }

  /** Resolves when the process has ended. */
  async close(): Promise<void> {
    this.kill();
    await this.#ended;
  }

  kill(): void {
    // It keeps nothing on disk, so there is nothing to be left half done.
    this.#child.kill("SIGKILL");
  }

  #send(message: RpcMessage): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size > this.#needed) {
      const bytes = Buffer.concat(this.#chunks);
      const headEnd = bytes.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(bytes.toString("latin1", 0, headEnd))?.[1]);
      const end = headEnd + 4 + length;
      this.#chunks = [bytes];
      if (headEnd < 0) return;
      this.#needed = end - 1;
      if (bytes.length < end) return;
      this.#chunks = [bytes.subarray(end)];
      this.#size = bytes.length - end;
      this.#needed = 0;
      // What arrives is what the protocol says.
      this.#receive(JSON.parse(bytes.toString("utf8", headEnd + 4, end)) as RpcMessage);
    }
  }

  #receive({ id, method, params, result, error }: RpcMessage): void {
    if (method !== undefined) {
      // Notifications tell what nobody waits for.
      if (id !== undefined) void this.#answer(id, method, params);
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    if (!waiting) return;
    this.#waiting.delete(Number(id));
    clearTimeout(waiting.timer);
    if (error) waiting.reject(new Error(`TypeScript's server: ${error.message}`));
    else waiting.resolve(result);
  }

  async #answer(id: number | string, method: string, params: unknown): Promise<void> {
    const { items = [] } = (params ?? {}) as { items?: { section?: string }[] };
    const sections = items.map(({ section = "" }) => section);
    const result =
      method === "workspace/configuration" ? (await this.#settings(sections)).map(ourSettings) : null;
    if (this.#alive) this.#send({ id, result });
  }

  #end(): void {
    this.#alive = false;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new ServerEnded());
    }
    this.#waiting.clear();
  }
}

/** The server ended before it answered. */
export class ServerEnded extends Error {
  constructor() {
    super("TypeScript's server ended.");
    this.name = "ServerEnded";
  }
}

/**
 * Settings by which the server fetches no types of packages from the network, which nobody asked it to, and offers no imports of our
 * own documents: of many cells those would be most of a list.
 */
export function ourSettings(given: unknown): object {
  const settings = asObject(given);
  const preferences = asObject(settings.preferences);
  const excluded = preferences.autoImportFileExcludePatterns;
  return {
    ...settings,
    preferences: {
      ...preferences,
      autoImportFileExcludePatterns: [...(Array.isArray(excluded) ? excluded : []), "**/.tandem-*"],
    },
    disableAutomaticTypeAcquisition: true,
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
