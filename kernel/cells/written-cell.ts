import { lineMagics } from "./line-magics.ts";
import { scanLine } from "./line-words.ts";
import { OUT, type WrittenCell } from "./magic.ts";
import { optionsOf, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { optionText } from "./option-values.ts";
import { remembered } from "./remembered.ts";
import { linesOf } from "./split.ts";

/** What a cell's text says of what it declares; the same object for the same text. */
export const writtenCell = remembered(read);

function read(source: string): WrittenCell {
  const head = readHead(source);
  if (!head) return { typescript: withoutLines(source), out: [], inWorkers: false };
  const magic = magics.find(({ name }) => name === head.name);
  if (!magic) return { typescript: "", out: [], inWorkers: false };
  const { options, rest } = scanLine(head, magic, optionsOf(magic));
  const names = optionText(options, OUT.long)?.split(/[\s,]+/) ?? [];
  const inWorkers = magic.name === "parallel" && rest === "each";
  // The body of any other %%parallel is a function.
  const declares = magic.holdsTypeScript && (magic.name !== "parallel" || inWorkers);
  return { typescript: declares ? withoutLines(head.body) : "", out: names, inWorkers };
}

/** A cell's TypeScript, without its line magics. */
function withoutLines(cell: string): string {
  if (!/^[%!]/m.test(cell)) return cell;
  return [...linesOf(cell, lineMagics)]
    .map(({ start, end, magic, error }) => (magic || error ? "" : cell.slice(start.offset, end)))
    .join("\n");
}
