import { constants, isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { fail, TandemError } from "../errors.ts";
import { type Notebook, parseNotebook } from "./notebook.ts";

/** The longest text that Node can hold, in UTF-16 units. */
const LONGEST = constants.MAX_STRING_LENGTH;

/** Reads an .ipynb file. */
export async function readNotebook(file: string): Promise<Notebook> {
  return parseNotebook(await readText(file), file);
}

/** Reads a file of UTF-8 text, byte order mark included: what is written back is what was read. */
export async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > LONGEST) throw fail("notebookTooLarge", file, size);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof TandemError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === "ENOENT" ? fail("noNotebook", file) : fail("cannotRead", file, message);
  }
  return decodeUtf8(bytes, file);
}

/** The text of bytes; throws where they are not UTF-8, since they could not be written back. */
function decodeUtf8(bytes: Buffer, file: string): string {
  if (!isUtf8(bytes)) throw fail("notUtf8", file);
  return bytes.toString("utf8");
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
