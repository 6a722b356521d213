import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { cacheFolder } from "./cache.ts";
import { hasEnded, processName } from "./process-names.ts";

/** A process of another machine that shares the folder cannot be asked; after so many ms it is taken to have ended. */
const FORGOTTEN = 7 * 24 * 3600 * 1000;

let own: string | undefined;
const named = new Set<string>();

/**
 * Notes that this process uses an entry of the cache (`rust/<hash>`, …), before it looks whether the entry is there: an entry
 * in use is never removed, and the least recently used go first.
 */
export function useEntry(folder: string): void {
  const name = relative(cacheFolder(), folder).replaceAll(sep, "/");
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // It is not there yet.
  }
  const users = cacheFolder("in-use");
  const file = join(users, processName());
  if (own !== file) {
    named.clear();
    // A process of an earlier day may have had the same number.
    rmSync(file, { force: true });
    if (own === undefined) process.once("exit", () => rmSync(own ?? file, { force: true }));
    own = file;
  }
  if (named.has(name)) return;
  appendFileSync(file, `${name}\n`, { mode: 0o600 });
  named.add(name);
}

/** The entries that running processes use. */
export function entriesInUse(): Set<string> {
  const users = cacheFolder("in-use");
  const found = new Set<string>();
  for (const name of readdirSync(users)) {
    const file = join(users, name);
    try {
      const text = readFileSync(file, "utf8");
      if (hasEnded(name) ?? Date.now() - statSync(file).mtimeMs > FORGOTTEN) {
        rmSync(file, { force: true });
        continue;
      }
      for (const line of text.split("\n")) if (line) found.add(line);
    } catch {
      // Its process has just ended.
    }
  }
  return found;
}
