import type { MagicCell, Place } from "../../cells/magic.ts";
import { remembered } from "../../cells/remembered.ts";
import { lineTable } from "../../typescript/edits.ts";
import { type FreeNames, freeNames } from "../../typescript/free-names.ts";
import { readCell } from "../../typescript/read-cell.ts";
import { looseHead, patternNames } from "../view/loose-head.ts";

/** What a body has from outside, with places in its cell. */
export interface BodyUses {
  readonly names: FreeNames["names"];
  /** Offset of the first `this` that nothing in the body provides. */
  readonly thisAt: number | undefined;
  /** The place in the cell of an offset in the body's JavaScript. */
  place(offset: number): Place;
}

/** What the body of a %%parallel cell uses and neither it nor its head declares; undefined where it does not parse. */
export const usesOf = ({ rest, body }: Pick<MagicCell, "rest" | "body">): BodyUses | undefined =>
  read(`${rest}\n${body}`);

/** `cell`: the head, and the body below it. */
const read = remembered((cell: string): BodyUses | undefined => {
  const [rest = ""] = cell.split("\n", 1);
  try {
    // An empty line stands in the magic line's place: line numbers are the cell's.
    const { code, original, wrapped } = readCell(cell.slice(rest.length), "cell.ts", { returns: true });
    const { names, thisAt } = freeNames(code, "body");
    const items = rest === "each" ? [] : patternNames(looseHead(rest));
    const table = lineTable(code);
    return {
      names: names.filter(({ name }) => !items.includes(name)),
      thisAt,
      place(offset) {
        const here = table(offset);
        const [line, character] = original?.(...here) ?? here;
        const behind = wrapped?.line === line && character > wrapped.column;
        return { line, character: behind ? character - 2 : character };
      },
    };
  } catch {
    return undefined;
  }
});
