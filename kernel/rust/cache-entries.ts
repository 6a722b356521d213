import { existsSync, renameSync, statSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { entriesInUse } from "./cache-use.ts";

/** What lies in the cache under one hash. */
export interface CacheEntry {
  readonly kind: "cell" | "crates" | "prelude";
  /** Within the cache: `rust/<hash>`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was used last, in ms since 1970. */
  readonly used: number;
  /** What a person knows it by: its functions, its crates. */
  readonly holds: string;
  readonly inUse: boolean;
}

const KINDS = { rust: "cell", crates: "crates", prelude: "prelude" } as const;
/** What was used less than this ago, in ms, stays: who uses it may be about to say so. */
const FRESH = 60_000;

/** All entries, the most recently used first. */
export async function cacheEntries(): Promise<CacheEntry[]> {
  const inUse = entriesInUse();
  const all = Object.entries(KINDS).map(async ([folder, kind]) => {
    const base = cacheFolder(folder);
    const names = (await readdir(base)).filter((name) => /^[0-9a-f]{32}$/.test(name));
    return await Promise.all(
      names.map(async (hash): Promise<CacheEntry[]> => {
        const path = join(base, hash);
        const name = `${folder}/${hash}`;
        try {
          const [{ mtimeMs }, bytes, holds] = await Promise.all([stat(path), sizeOf(path), holdsOf(path)]);
          return [{ kind, name, path, bytes, used: mtimeMs, holds, inUse: inUse.has(name) }];
        } catch {
          // Removed meanwhile.
          return [];
        }
      }),
    );
  });
  return (await Promise.all(all)).flat(2).sort((a, b) => b.used - a.used);
}

/**
 * Removes entries and says which are gone: not those in use, and none that came into use since it was listed. Each is renamed
 * first, so that nobody finds half of it.
 */
export async function removeEntries(entries: readonly CacheEntry[]): Promise<CacheEntry[]> {
  const gone: CacheEntry[] = [];
  for (const entry of entries) {
    if (entry.inUse || entriesInUse().has(entry.name)) continue;
    const aside = join(entry.path, "..", `.removed-${process.pid}-${gone.length}-${Date.now()}`);
    try {
      if (statSync(entry.path).mtimeMs !== entry.used) continue;
      renameSync(entry.path, aside);
    } catch {
      continue;
    }
    if (entriesInUse().has(entry.name) && !existsSync(entry.path)) {
      renameSync(aside, entry.path);
      continue;
    }
    await rm(aside, { recursive: true, force: true });
    gone.push(entry);
  }
  return gone;
}

/** Removes the least recently used entries until the rest has at most so many bytes; what is in use or fresh stays. */
export async function pruneCache(limit: number): Promise<CacheEntry[]> {
  await removeLeftOvers();
  const entries = await cacheEntries();
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const going: CacheEntry[] = [];
  for (const entry of entries.toReversed()) {
    if (total <= limit) break;
    if (entry.inUse || Date.now() - entry.used < FRESH) continue;
    going.push(entry);
    total -= entry.bytes;
  }
  return await removeEntries(going);
}

/** What builds and removals that were killed left behind a day ago or earlier. */
async function removeLeftOvers(): Promise<void> {
  for (const folder of Object.keys(KINDS)) {
    const base = cacheFolder(folder);
    for (const name of await readdir(base)) {
      if (!/^\.(build|removed)-/.test(name)) continue;
      const path = join(base, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > 24 * 3600 * 1000) await rm(path, { recursive: true, force: true });
    }
  }
}

/** Bytes of all files in a folder. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return await sizeOf(path);
    return await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** By what stands beside the artefact. */
async function holdsOf(folder: string): Promise<string> {
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), "utf8")) as unknown;
  try {
    // Written by compile.ts and crates.ts.
    const { exports } = (await read("manifest.json")) as { exports: { functions: { name: string }[] } };
    return [...new Set(exports.functions.map(({ name }) => name))].join(", ");
  } catch {}
  try {
    return ((await read("crates.json")) as { names: string[] }).names.join(", ");
  } catch {
    return "";
  }
}
