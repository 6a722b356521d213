import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fail, TandemError } from "../errors.ts";
import { writeWhole } from "./file.ts";

/**
 * A file that results go to: looked at before the work, written after it. If it cannot be written then, the results go
 * to another place: an hour's run is not lost to a full disk, nor what another program wrote there in the meantime.
 */
export class Destination {
  readonly file: string;
  readonly #before: string;

  private constructor(file: string, before: string) {
    this.file = file;
    this.#before = before;
  }

  /** Throws the catalogue's `cannotWrite` where no file can be made or replaced. */
  static async open(file: string): Promise<Destination> {
    try {
      await access(dirname(resolve(file)), constants.W_OK);
      await access(file, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
      const found = await stat(file).catch(() => undefined);
      if (found?.isDirectory()) throw new Error("It is a folder.");
    } catch (error) {
      throw fail("cannotWrite", file, (error as Error).message);
    }
    return new Destination(file, await identity(file));
  }

  /** Writes the text whole, if need be elsewhere: then it returns the error that says where. Throws if nothing helps. */
  async write(text: string): Promise<TandemError | undefined> {
    let reason: string;
    if ((await identity(this.file)) !== this.#before) {
      reason = "Another program has written it since this one looked at it.";
    } else {
      try {
        await writeWhole(this.file, text);
        return undefined;
      } catch (error) {
        reason = error instanceof TandemError ? error.advice.why : String(error);
      }
    }
    for (const folder of [dirname(resolve(this.file)), tmpdir(), homedir()]) {
      const saved = join(folder, otherName(this.file));
      try {
        await writeWhole(saved, text);
        return fail("savedElsewhere", this.file, reason, saved);
      } catch {
        // The next folder may be on another disk.
      }
    }
    throw fail("cannotWrite", this.file, reason);
  }
}

/** What tells a file from the one that another program put in its place, or wrote. */
async function identity(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found ? `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}` : "";
}

function otherName(file: string): string {
  const extension = extname(file);
  return `${basename(file, extension)}.unsaved-${randomBytes(4).toString("hex")}${extension}`;
}
