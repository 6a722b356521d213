import { fail } from "../errors.ts";
import { transformCell } from "../typescript/transform.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { helpOf, lineHelpOf } from "./help.ts";
import { lineMagics } from "./line-magics.ts";
import { scanLine } from "./line-words.ts";
import type { LineView, MagicCell, MagicLine, TypeView } from "./magic.ts";
import {
  findMagic,
  lineOptionsOf,
  needsRest,
  optionsOf,
  readHead,
  readLineOptions,
  readOptions,
} from "./magic-line.ts";
import { magics } from "./magics.ts";
import type { Session } from "./session.ts";
import { linesOf, type MagicPiece, type Piece, splitCell } from "./split.ts";

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
  if (read.options.has("help")) {
    const run = async (): Promise<CellOutcome> => {
      cell.output.stream("stdout", helpOf(magic));
      return { status: "ok" };
    };
    return { cell, run, typeView: async () => undefined };
  }
  const file = `cell-${cell.number}.${magic.extension ?? "ts"}`;
  const magicCell: MagicCell = { ...cell, file, ...read, body: head.body };
  return {
    cell: magicCell,
    run: () => magic.run(magicCell, session),
    typeView: async () => (await magic.typeView?.(magicCell, session))?.text,
  };
}

/** What the type service sees of a cell that is being written, as far as it can be read. */
export async function viewOfWritten(cell: Cell, session: Session): Promise<TypeView | undefined> {
  const head = readHead(cell.source);
  if (!head) {
    const lines = [...linesOf(cell.source, lineMagics)];
    const wrong = lines.flatMap(({ start, error }) => (error ? [start.line] : []));
    const pieces = lines.flatMap(({ magic }) => magic ?? []);
    const source = cell.source
      .split("\n")
      .map((line, index) => (wrong.includes(index + 1) ? "" : line))
      .join("\n");
    return { text: await viewOf({ ...cell, source }, pieces, session) };
  }
  const magic = magics.find(({ name }) => name === head.name);
  if (!magic) return undefined;
  const scanned = scanLine(head, magic, optionsOf(magic));
  if (scanned.options.has("help")) return undefined;
  const file = `cell-${cell.number}.${magic.extension ?? "ts"}`;
  return await magic.typeView?.({ ...cell, file, ...scanned, body: head.body }, session);
}

function prepareTypeScript(cell: Cell, session: Session): PreparedCell {
  const pieces = splitCell(cell.source, lineMagics);
  const run = async (): Promise<CellOutcome> => {
    // A mistake on any magic line is told before anything runs.
    const steps = pieces.map((piece) => stepOf(piece, cell, session));
    for (const step of steps) {
      const outcome = await step();
      if (outcome.status === "error") return outcome;
    }
    return { status: "ok" };
  };
  return { cell, run, typeView: () => viewOf(cell, pieces, session) };
}

function stepOf(piece: Piece, cell: Cell, session: Session): () => Promise<CellOutcome> {
  if ("typescript" in piece) {
    const { file } = cell;
    return async () => {
      const code = transformCell(piece.typescript, { file, folder: session.folder });
      return withCommandHint(await session.engine.evaluate(cell, code), piece.typescript);
    };
  }
  const { magic } = piece;
  const line = readLine(piece, cell);
  if (line.options.has("help")) {
    return async () => {
      cell.output.stream("stdout", lineHelpOf(magic));
      return { status: "ok" };
    };
  }
  if (line.rest === "" && needsRest(magic)) throw fail("missingText", piece.form, magic.rest ?? "");
  return () => magic.run(line, session);
}

function readLine(piece: MagicPiece, cell: Cell): MagicLine {
  const { magic, line } = piece;
  return { ...readLineOptions(piece, magic), cell, line };
}

/** `!ls` is TypeScript: where the variable is missing, the command is likely what was meant. */
function withCommandHint(outcome: CellOutcome, source: string): CellOutcome {
  if (outcome.status === "ok" || outcome.error.ename !== "ReferenceError") return outcome;
  const [, name] = /^(\S+) is not defined$/.exec(outcome.error.evalue) ?? [];
  const line = source.split("\n").find((one) => name && one.startsWith(`!${name}`));
  if (line === undefined) return outcome;
  const traceback = [...outcome.error.traceback, `To run a command write: %sh ${line.slice(1).trim()}`];
  return { status: "error", error: { ...outcome.error, traceback } };
}

/** The cell's TypeScript: in the place of magic lines what they declare, so that the other lines stay where they are. */
async function viewOf(cell: Cell, pieces: readonly Piece[], session: Session): Promise<string> {
  const magicPieces = pieces.filter((piece) => "magic" in piece);
  if (magicPieces.length === 0) return cell.source;
  const lines = cell.source.split("\n");
  const below: string[] = [];
  for (const piece of magicPieces) {
    const view = await lineView(piece, cell, session);
    lines[piece.line - 1] = view.line ?? "";
    if (view.below) below.push(view.below);
  }
  return [...lines, ...below].join("\n");
}

async function lineView(piece: MagicPiece, cell: Cell, session: Session): Promise<LineView> {
  try {
    // The line may be half-typed: running it tells what is wrong.
    const { magic, line } = piece;
    const scanned = scanLine(piece, magic, lineOptionsOf(magic));
    if (scanned.options.has("help")) return {};
    return (await magic.typeView?.({ ...scanned, cell, line }, session)) ?? {};
  } catch {
    return {};
  }
}
