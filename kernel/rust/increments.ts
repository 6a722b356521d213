import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { hasEnded, processName } from "./process-names.ts";

/** What rustc keeps of a cell's last quick build, so that the next one compiles only what an edit has changed. */
export interface Increment {
  readonly folder: string;
  /** The build has ended. `sound`: what it left may be built upon. */
  release(sound: boolean): void;
}

interface Kept {
  readonly folder: string;
  names: readonly string[];
  busy: boolean;
}

/** Cells whose builds are kept by one process, some megabytes each; the least recently built go. */
const MOST = 16;

/** The most recently built last. */
let all: Kept[] = [];
let base: string | undefined;
let made = 0;

/**
 * The increment of the cell that shares the most names with this one, or a new one. They belong to this process and end with it:
 * what other notebooks compile meanwhile is in folders of their own.
 */
export function takeIncrement(names: readonly string[]): Increment {
  const shared = (one: Kept) => one.names.filter((name) => names.includes(name)).length;
  const [like] = all.filter((one) => !one.busy && shared(one) > 0).toSorted((a, b) => shared(b) - shared(a));
  const kept: Kept = like ?? { folder: join(ownFolder(), String(made++)), names, busy: true };
  kept.names = names;
  kept.busy = true;
  all = [...all.filter((one) => one !== kept), kept];
  const oldest = all.length > MOST ? all.find(({ busy }) => !busy) : undefined;
  if (oldest) forget(oldest);
  mkdirSync(kept.folder, { recursive: true, mode: 0o700 });
  return {
    folder: kept.folder,
    release(sound) {
      kept.busy = false;
      if (!sound) forget(kept);
    },
  };
}

function forget(one: Kept): void {
  all = all.filter((other) => other !== one);
  rmSync(one.folder, { recursive: true, force: true });
}

/** The folder of this process, made on first use; those of processes that have ended are removed. */
function ownFolder(): string {
  const parent = cacheFolder("increments");
  const own = join(parent, processName());
  if (base === own) return own;
  for (const name of readdirSync(parent)) {
    // A process of an earlier day may have had this one's number.
    if (hasEnded(name) || join(parent, name) === own)
      rmSync(join(parent, name), { recursive: true, force: true });
  }
  if (base === undefined) process.once("exit", () => base && rmSync(base, { recursive: true, force: true }));
  base = own;
  all = [];
  return own;
}
