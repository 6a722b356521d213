import { lstatSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fail } from "../errors.ts";

/**
 * The folder of compiled cells and crates, for this user alone: what lies there is loaded as code. `TANDEM_CACHE` names
 * another. Throws the catalogue's `cacheUnsafe` where others own it or may write to it.
 */
export function cacheFolder(...names: string[]): string {
  const base = process.env.TANDEM_CACHE ?? join(usual(), "tandem");
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(base);
  const owned = process.getuid === undefined || uid === process.getuid();
  if (!owned || (process.platform !== "win32" && (mode & 0o022) !== 0)) throw fail("cacheUnsafe", base);
  const folder = join(base, ...names);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A failure as it is, or as the catalogue's `cacheFull` where the disk is full; `said`: what a tool told. */
export function diskFull(failure: unknown, said = ""): unknown {
  const code = (failure as NodeJS.ErrnoException | undefined)?.code;
  const full =
    code === "ENOSPC" || code === "EDQUOT" || /No space left on device|Disk quota exceeded/.test(said);
  return full ? fail("cacheFull", cacheFolder()) : failure;
}

function usual(): string {
  if (process.platform === "win32") return process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}
