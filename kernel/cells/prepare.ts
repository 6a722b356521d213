import { transformCell } from "../typescript/transform.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { helpOf } from "./help.ts";
import { lineMagics } from "./line-magics.ts";
import type { MagicCell } from "./magic.ts";
import { findMagic, readHead, readOptions } from "./magic-line.ts";
import { magics } from "./magics.ts";
import type { Session } from "./session.ts";
import { type Piece, splitCell } from "./split.ts";

/** What runs a cell and what the type service sees of it. */
export interface PreparedCell {
  /** The cell under the name that its language gives it. */
  readonly cell: Cell;
  run(): Promise<CellOutcome>;
  /** Asked again after the run, which may show what the cell declares. */
  typeView(): Promise<string | undefined>;
}

/** Finds out how a cell is run: by its magic, or as TypeScript. Throws the catalogue's errors. */
export function prepare(cell: Cell, session: Session): PreparedCell {
  const head = readHead(cell.source);
  if (!head) return prepareTypeScript(cell, session);
  const magic = findMagic(head.name, magics);
  const read = readOptions(head, magic);
  const { number, source, output, signal } = cell;
  const file = `cell-${number}.${magic.extension ?? "ts"}`;
  const magicCell: MagicCell = { number, file, source, output, signal, ...read, body: head.body };
  if (read.options.has("help")) {
    const run = async (): Promise<CellOutcome> => {
      output.stream("stdout", helpOf(magic));
      return { status: "ok" };
    };
    return { cell, run, typeView: async () => undefined };
  }
  return {
    cell: magicCell,
    run: () => magic.run(magicCell, session),
    typeView: async () => (await magic.typeView?.(magicCell, session))?.text,
  };
}

const lineMagicNames = lineMagics.map(({ name }) => name);

function prepareTypeScript(cell: Cell, session: Session): PreparedCell {
  const pieces = splitCell(cell.source, lineMagicNames);
  const run = async (): Promise<CellOutcome> => {
    for (const piece of pieces) {
      const outcome = await runPiece(piece, cell, session);
      if (outcome.status === "error") return outcome;
    }
    return { status: "ok" };
  };
  return { cell, run, typeView: async () => withoutMagics(cell.source, pieces) };
}

async function runPiece(piece: Piece, cell: Cell, session: Session): Promise<CellOutcome> {
  if ("typescript" in piece) {
    return session.engine.evaluate(
      cell,
      transformCell(piece.typescript, { file: cell.file, folder: session.folder }),
    );
  }
  await lineMagics.find(({ name }) => name === piece.magic)?.run(piece.rest, cell, session);
  return { status: "ok" };
}

/** The cell's TypeScript; spaces in the place of magic lines, so that offsets stay. */
function withoutMagics(source: string, pieces: readonly Piece[]): string {
  const magicLines = new Set(pieces.flatMap((piece) => ("line" in piece ? [piece.line] : [])));
  if (magicLines.size === 0) return source;
  const lines = source.split("\n");
  return lines.map((line, i) => (magicLines.has(i + 1) ? " ".repeat(line.length) : line)).join("\n");
}
