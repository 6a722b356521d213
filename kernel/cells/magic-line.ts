import { fail } from "../errors.ts";
import { type LineTail, scanLine } from "./line-words.ts";
import {
  type CellMagic,
  cellMagicOptions,
  type LineMagic,
  lineMagicOptions,
  type MagicArguments,
  type MagicDeclaration,
  type MagicOption,
} from "./magic.ts";
import { nearest } from "./nearest.ts";

/** A magic's name and what stands behind it on its line. */
export type MagicHead = LineTail;

/** A cell's `%%name rest-of-line`. */
export interface CellHead extends MagicHead {
  readonly name: string;
  readonly body: string;
}

/** Takes a cell's first line apart; undefined where the cell has no magic. `%%name?` asks for its help. */
export function readHead(source: string): CellHead | undefined {
  const end = source.indexOf("\n");
  const line = (end < 0 ? source : source.slice(0, end)).replace(/\r$/, "");
  const [head, name, asks] = /^%%(\S*?)(\?\s*$)?(?:$|(?=\s))/.exec(line) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const column = head.length;
  const tail = asks ? " --help" : line.slice(column);
  return { form: `%%${name}`, name, tail, column, body: end < 0 ? "" : source.slice(end + 1) };
}

/** The magic of a name; throws the catalogue's `unknownMagic`. */
export function findMagic(name: string, table: readonly CellMagic[]): CellMagic {
  const magic = table.find((one) => one.name === name);
  if (magic) return magic;
  throw fail(
    "unknownMagic",
    name,
    nearest(
      name,
      table.map((one) => one.name),
    ),
  );
}

/** A cell magic's options, the common ones included; its own come before one of the same name. */
export const optionsOf = (magic: CellMagic) => withCommon(magic, cellMagicOptions);

/** A line magic's options, the common ones included. */
export const lineOptionsOf = (magic: LineMagic) => withCommon(magic, lineMagicOptions);

/** A magic's own options, then the common ones that it has no own of. */
export function withCommon(magic: MagicDeclaration, common: readonly MagicOption[]): readonly MagicOption[] {
  return [...magic.options, ...common.filter((one) => !magic.options.some((own) => own.long === one.long))];
}

/** Whether something has to stand behind a magic's options. */
export const needsRest = ({ rest }: MagicDeclaration) => rest !== undefined && !rest.startsWith("[");

/** What a cell's magic line gives its magic. Throws the catalogue's errors on the magic line. */
export const readOptions = (head: MagicHead, magic: CellMagic) => read(head, magic, optionsOf(magic));

/** The same for a line magic. */
export const readLineOptions = (head: MagicHead, magic: LineMagic) => read(head, magic, lineOptionsOf(magic));

/** Reads the line; throws the first thing that is wrong with it. */
function read(head: MagicHead, magic: MagicDeclaration, known: readonly MagicOption[]): MagicArguments {
  const { options, rest, restColumn, problems } = scanLine(head, magic, known);
  const [problem] = problems;
  if (problem) throw problem.error;
  return { options, rest, restColumn };
}
