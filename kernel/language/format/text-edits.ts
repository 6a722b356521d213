import { diffArrays } from "diff";
import type { Range, TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";

/** The fewest changes of lines that make one text of another; of a range, those that touch its lines. */
export function editsBetween(before: string, after: string, range?: Range): TextEdit[] {
  const document = TextDocument.create("", "", 0, before);
  const eol = before.includes("\r\n") ? "\r\n" : "\n";
  const old = before.split(eol);
  const made = after.split("\n");
  const edits: TextEdit[] = [];
  let line = 0;
  let at = 0;
  const changes = diffArrays(old, made);
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index];
    if (!change) break;
    if (!change.added && !change.removed) {
      line += change.value.length;
      at += change.value.length;
      continue;
    }
    // A removal and an addition beside each other are one change.
    const next = changes[index + 1];
    const pair =
      next && next.added !== change.added && (next.added || next.removed) ? [change, next] : [change];
    if (pair.length > 1) index++;
    const removed = pair.filter((one) => one.removed).reduce((sum, one) => sum + one.value.length, 0);
    const added = pair.filter((one) => one.added).reduce((sum, one) => sum + one.value.length, 0);
    for (const part of parts(old.slice(line, line + removed), made.slice(at, at + added))) {
      const from = line + part.from;
      if (touches(range, from, from + part.count))
        edits.push(replaced(document, old, from, part.count, part.lines, eol));
    }
    line += removed;
    at += added;
  }
  return edits;
}

/** Lines that become others. */
interface Part {
  readonly from: number;
  readonly count: number;
  readonly lines: readonly string[];
}

/** Takes a change apart where both sides have come to the same place of the code, however it is laid out. */
function parts(old: readonly string[], made: readonly string[]): Part[] {
  const found: Part[] = [];
  let [from, start] = [0, 0];
  let [before, after] = ["", ""];
  let [oldEnd, madeEnd] = [0, 0];
  while (oldEnd < old.length && madeEnd < made.length) {
    if (before.length <= after.length) before += codeOf(old[oldEnd++]);
    if (after.length < before.length) after += codeOf(made[madeEnd++]);
    if (before !== after || before === "") continue;
    found.push({ from, count: oldEnd - from, lines: made.slice(start, madeEnd) });
    [from, start, before, after] = [oldEnd, madeEnd, "", ""];
  }
  const isRest = from < old.length || start < made.length;
  return isRest ? [...found, { from, count: old.length - from, lines: made.slice(start) }] : found;
}

/** What of a line is not layout. */
const codeOf = (line = "") => line.replace(/[\s;,()'"`]/g, "");

/** The lines `from` up to `to` have something of the range; a range that ends where a line begins has nothing of it. */
function touches(range: Range | undefined, from: number, to: number): boolean {
  if (!range) return true;
  const { start, end } = range;
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return from <= last && Math.max(to - 1, from) >= start.line;
}

/** One edit that replaces lines, without what is the same at its beginning and end. */
function replaced(
  document: TextDocument,
  old: readonly string[],
  line: number,
  count: number,
  lines: readonly string[],
  eol: string,
): TextEdit {
  const text = document.getText();
  const isLast = line + count >= old.length;
  // At the end of the text the line break before goes with the lines.
  const from =
    isLast && line > 0
      ? document.offsetAt({ line: line - 1, character: (old[line - 1] ?? "").length })
      : document.offsetAt({ line, character: 0 });
  const to = isLast ? text.length : document.offsetAt({ line: line + count, character: 0 });
  const newText = isLast
    ? line > 0
      ? lines.map((one) => eol + one).join("")
      : lines.join(eol)
    : lines.map((one) => one + eol).join("");
  const oldText = text.slice(from, to);
  let start = 0;
  while (start < oldText.length && start < newText.length && oldText[start] === newText[start]) start++;
  let end = 0;
  while (
    end < oldText.length - start &&
    end < newText.length - start &&
    oldText.at(-1 - end) === newText.at(-1 - end)
  )
    end++;
  return {
    range: { start: document.positionAt(from + start), end: document.positionAt(to - end) },
    newText: newText.slice(start, newText.length - end),
  };
}
