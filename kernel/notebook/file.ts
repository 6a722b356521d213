import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { fail } from "../errors.ts";
import { type Notebook, parseNotebook } from "./notebook.ts";

/** Reads an .ipynb file. */
export async function readNotebook(file: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "ENOENT" ? fail("noNotebook", file) : fail("cannotRead", file, message);
  }
  return parseNotebook(text, file);
}

/**
 * Writes a file whole or not at all: aside in the same folder, then renamed over the old one, whose permissions it keeps.
 * A link is followed, so that the file it names is replaced and not the link.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const aside = `${target}.${randomUUID()}.tmp`;
  try {
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o666,
    );
    const handle = await open(aside, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw fail("cannotWrite", file, (error as Error).message);
  }
}
