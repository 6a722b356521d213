import type { CellMagic, MagicCell } from "./magic.ts";
import { readHead, readOptions } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { noOutput } from "./no-output.ts";

/** A place in the body of a magic's cell. */
export interface BodyPlace {
  readonly magic: CellMagic;
  readonly cell: MagicCell;
  /** In the body, in UTF-16 units. */
  readonly offset: number;
  /** Offset of the cell at which the body starts. */
  readonly start: number;
}

/** The place in a magic's body; undefined where it stands on the magic line, and where that line is wrong or none. */
export function bodyPlace(source: string, offset: number, number: number): BodyPlace | undefined {
  const head = readHead(source);
  const magic = head && magics.find((one) => one.name === head.name);
  if (!head || !magic) return undefined;
  const start = source.length - head.body.length;
  if (offset < start) return undefined;
  const { signal } = new AbortController();
  const cell = { number, file: `cell-${number}.ts`, source, output: noOutput, signal };
  try {
    const place = { ...cell, ...readOptions(head, magic), body: head.body };
    return { magic, cell: place, offset: offset - start, start };
  } catch {
    return undefined;
  }
}
