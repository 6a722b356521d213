import { createWriteStream, type WriteStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../rust/cache.ts";

/** What a file may hold, in bytes. */
const MOST_IN_FILE = 256 * 1024 * 1024;
/** How long a file is kept, in ms, and how many bytes of them. */
const KEPT_FOR = 3 * 24 * 3600 * 1000;
const MOST_KEPT = 1024 * 1024 * 1024;

/** A cell's whole output on disk, for what the cell itself does not show. Of this user alone (0600). */
export class OutputFile {
  readonly path: string;
  readonly #stream: WriteStream;
  #draining: Promise<void> | undefined;
  #size = 0;
  #full = false;
  #failure: string | undefined;

  /** `cell`: its number. Throws where the cache folder cannot be used. */
  constructor(cell: number) {
    const folder = cacheFolder("output");
    const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
    this.path = join(folder, `${time}-${process.pid}-cell-${cell}.txt`);
    this.#stream = createWriteStream(this.path, { flags: "wx", mode: 0o600 });
    this.#stream.on("error", ({ message }) => {
      this.#failure ??= message;
    });
    void removeOld(folder, this.path);
  }

  write(text: string): void {
    if (this.#full || this.#failure !== undefined) return;
    this.#size += Buffer.byteLength(text);
    this.#full = this.#size > MOST_IN_FILE;
    if (!this.#full) this.#stream.write(text);
  }

  /** Resolves when it takes more without keeping it in memory. */
  async drained(): Promise<void> {
    if (!this.#stream.writableNeedDrain || this.#stream.destroyed) return;
    // One for all who wait.
    this.#draining ??= new Promise<void>((resolve) => {
      const done = () => {
        this.#draining = undefined;
        this.#stream.off("drain", done).off("close", done);
        resolve();
      };
      this.#stream.once("drain", done).once("close", done);
    });
    await this.#draining;
  }

  /** Resolves when all that was written is in the file. */
  async flushed(): Promise<void> {
    // The callback comes with the error, too, where there is one.
    await new Promise<void>((resolve) => this.#stream.write("", () => resolve()));
  }

  /** What is wrong with it, a phrase; nothing if all that was written is there. */
  get problem(): string | undefined {
    if (this.#failure !== undefined) return `it could not be written: ${this.#failure}`;
    return this.#full
      ? `only the first ${MOST_IN_FILE / 1024 / 1024} MiB, since it may hold no more`
      : undefined;
  }
}

/** Removes files of earlier cells: those past their time, and the oldest where all are too much. Never fails. */
export async function removeOld(folder: string, current = "", now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      return found ? [{ path, size: found.size, time: found.mtimeMs }] : [];
    }),
  );
  let kept = 0;
  for (const { path, size, time } of files.flat().sort((a, b) => b.time - a.time)) {
    kept += size;
    if (path === current || (now - time <= KEPT_FOR && kept <= MOST_KEPT)) continue;
    await rm(path, { force: true }).catch(() => {});
  }
}
