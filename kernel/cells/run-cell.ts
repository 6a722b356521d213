import { transformCell } from "../typescript/transform.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { helpOf } from "./help.ts";
import type { MagicCell } from "./magic.ts";
import { findMagic, readHead, readOptions } from "./magic-line.ts";
import { magics } from "./magics.ts";
import type { Session } from "./session.ts";

/** Runs one cell: by its magic, or as TypeScript. Throws what keeps it from running. */
export async function runCell(cell: Cell, session: Session): Promise<CellOutcome> {
  const head = readHead(cell.source);
  if (!head) return session.engine.evaluate(cell, transformCell(cell.source, { file: cell.file }));
  const magic = findMagic(head.name, magics);
  const read = readOptions(head, magic);
  if (read.options.has("help")) {
    cell.output.stream("stdout", helpOf(magic));
    return { status: "ok" };
  }
  const file = `cell-${cell.number}.${magic.extension ?? "ts"}`;
  const { number, source, output, signal } = cell;
  const magicCell: MagicCell = { number, file, source, output, signal, ...read, body: head.body };
  return magic.run(magicCell, session);
}
