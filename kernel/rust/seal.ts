import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What an artefact was when it was finished: one that a crash or a full disk has cut is not loaded as code. */
interface Seal {
  readonly file: string;
  readonly bytes: number;
  /** Left out for a large file, which would take too long to read. */
  readonly sha256?: string;
}

const LARGE = 1e6;

/** Writes the seal of a file beside it. `file`: its name, or its path within the folder. */
export function sealFile(folder: string, file: string): void {
  writeFileSync(join(folder, "seal.json"), JSON.stringify(sealOf(folder, file)));
}

/** Whether the folder's file is there as it was sealed. */
export function isWhole(folder: string, file: string): boolean {
  try {
    const expected = readFileSync(join(folder, "seal.json"), "utf8");
    return expected === JSON.stringify(sealOf(folder, file));
  } catch {
    return false;
  }
}

/** Puts a finished entry into its place in one step; what is damaged there makes room. */
export function publish(aside: string, folder: string, file: string): void {
  for (let tries = 0; ; tries++) {
    try {
      renameSync(aside, folder);
      return;
    } catch (error) {
      // Another notebook made the same meanwhile.
      if (isWhole(folder, file)) return;
      if (tries > 1 || !existsSync(folder)) throw error;
      const damaged = join(folder, "..", `.removed-${randomBytes(4).toString("hex")}`);
      renameSync(folder, damaged);
      rmSync(damaged, { recursive: true, force: true });
    }
  }
}

function sealOf(folder: string, file: string): Seal {
  const path = join(folder, file);
  const bytes = statSync(path).size;
  if (bytes > LARGE) return { file, bytes };
  return { file, bytes, sha256: createHash("sha256").update(readFileSync(path)).digest("hex") };
}
