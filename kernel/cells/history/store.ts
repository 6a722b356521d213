import { appendFile, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type HistoryEntry, type HistoryQuery, type StoredCell, selectHistory } from "./select.ts";

/** How much is kept: sessions, bytes of all of them, and UTF-16 units of one result. */
const MOST_SESSIONS = 500;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_OUTPUT = 10_000;
/** A longer source is in the running session's history only, in UTF-16 units. */
const MOST_SOURCE = 200_000;

/** The user's folder for it: below XDG_STATE_HOME, or its like on Windows. */
export function historyFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TANDEM_HISTORY) return env.TANDEM_HISTORY;
  const state = process.platform === "win32" ? env.LOCALAPPDATA : env.XDG_STATE_HOME;
  return join(state || join(homedir(), ".local", "state"), "tandem", "history");
}

/**
 * The cells that ran. With a folder they outlive the kernel: a file of JSON lines for each session, named by the
 * session's number, which belongs to who creates it; so kernels that run side by side need no lock.
 */
export class History {
  readonly #folder: string | undefined;
  readonly #cells: StoredCell[] = [];
  /** The number of this session, once it has a file. */
  #session: number | undefined;
  #problem: string | undefined;
  #told = false;
  /** The last line may have been written in part. */
  #torn = false;
  /** The end of what is written so far: one write at a time. */
  #written: Promise<void> = Promise.resolve();

  constructor(folder?: string) {
    this.#folder = folder;
  }

  /** Keeps a cell that ran; a folder that cannot be written costs the history, not the cell. */
  add(number: number, source: string, output: string | undefined): void {
    const cell = { number, source, output: output?.slice(0, MOST_OUTPUT) };
    this.#cells.push({ session: 0, ...cell });
    const { length } = this.#cells;
    // A cell in a loop for days: what is on disk is bounded by the session's file.
    if (length > 20_000) this.#cells.splice(0, length - 20_000);
    if (source.length > MOST_SOURCE) return;
    this.#written = this.#written
      // Behind the cell's reply.
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => this.#write(cell))
      .catch((error: Error) => {
        this.#problem ??= error.message;
      });
  }

  /** Why the disk does not have all of it, once. */
  takeProblem(): string | undefined {
    const problem = this.#told ? undefined : this.#problem;
    this.#told ||= problem !== undefined;
    return problem;
  }

  /** What a history_request asks for, oldest first. */
  async select(query: HistoryQuery): Promise<readonly HistoryEntry[]> {
    await this.#written;
    const earlier = await this.#earlier();
    const current = this.#session ?? (earlier.at(-1)?.session ?? 0) + 1;
    const own = this.#cells.map((cell) => ({ ...cell, session: current }));
    return selectHistory([...earlier, ...own], current, query);
  }

  /** Resolves when all is on disk. */
  async close(): Promise<void> {
    await this.#written;
  }

  async #write(cell: Omit<StoredCell, "session">): Promise<void> {
    if (this.#folder === undefined) return;
    this.#session ??= await begin(this.#folder);
    const file = join(this.#folder, `${this.#session}.jsonl`);
    const line = `${this.#torn ? "\n" : ""}${JSON.stringify(cell)}\n`;
    this.#torn = true;
    await appendFile(file, line, { mode: 0o600 });
    this.#torn = false;
  }

  /** The cells of the sessions on disk that began before this one. */
  async #earlier(): Promise<StoredCell[]> {
    if (this.#folder === undefined) return [];
    const before = this.#session ?? Number.POSITIVE_INFINITY;
    const sessions = (await numbers(this.#folder)).filter((session) => session < before);
    const files = sessions.map((session) => read(this.#folder ?? "", session));
    return (await Promise.all(files)).flat();
  }
}

/** Makes the file of a new session and removes those of the oldest beyond the bounds. */
async function begin(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const all = await numbers(folder);
    const session = (all.at(-1) ?? 0) + 1;
    try {
      await (await open(join(folder, `${session}.jsonl`), "wx", 0o600)).close();
    } catch (error) {
      // Another kernel was faster.
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    await prune(folder, all);
    return session;
  }
}

async function prune(folder: string, oldestFirst: readonly number[]): Promise<void> {
  let bytes = 0;
  for (const [age, session] of [...oldestFirst].reverse().entries()) {
    const file = join(folder, `${session}.jsonl`);
    bytes += (await stat(file).catch(() => undefined))?.size ?? 0;
    if (age >= MOST_SESSIONS || bytes > MOST_BYTES) await rm(file, { force: true });
  }
}

/** The numbers of the sessions on disk, oldest first. */
async function numbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => /^(\d{1,15})\.jsonl$/.exec(name)?.[1] ?? []);
  return found.map(Number).sort((a, b) => a - b);
}

async function read(folder: string, session: number): Promise<StoredCell[]> {
  const text = await readFile(join(folder, `${session}.jsonl`), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    try {
      const { number, source, output } = JSON.parse(line) as Partial<StoredCell>;
      if (typeof number !== "number" || typeof source !== "string") return [];
      return [{ session, number, source, output: typeof output === "string" ? output : undefined }];
    } catch {
      // The last line of a kernel that was killed, or an empty one.
      return [];
    }
  });
}
