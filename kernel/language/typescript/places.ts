import type { Position, Range, TextEdit } from "vscode-languageserver";
import { lineStart } from "../../typescript/syntax-error.ts";
import { type CellView, toCell } from "./views.ts";

/** A range of the view in its cell; undefined where it holds anything that the user did not write. */
export function cellRange(view: CellView, range: Range): Range | undefined {
  const own = { start: toCell(view, range.start), end: toCell(view, range.end) };
  return textIn(view.text, range) === textIn(view.cell.text, own) && isInside(view.cell.text, own.end)
    ? own
    : undefined;
}

/** Whether the user's TypeScript stands at a place of the cell: a magic's head is elsewhere generated text. */
export function showsTypeScript(view: CellView, position: Position): boolean {
  if (!view.isTypeScript) return false;
  if (position.line > 0 || !view.cell.text.startsWith("%%")) return true;
  const [own = ""] = view.cell.text.split("\n", 1);
  const [seen = ""] = view.text.split("\n", 1);
  const at = position.character;
  // The word that the cursor stands at, or what is before it.
  const start = at - (/[\p{ID_Continue}$.]*$/u.exec(own.slice(0, at))?.[0].length || 1);
  return start >= 0 && own.slice(start, at) === seen.slice(start, at);
}

/**
 * The compiler's edits of a document as edits of its cell: those of the user's text as they are; imports that it puts below, among
 * ours, go to the top of the cell's TypeScript. Others are of what the user does not see.
 */
export function cellEdits(view: CellView, edits: readonly TextEdit[]): TextEdit[] {
  const lines = view.cell.text.split("\n");
  const imports: string[] = [];
  const own: TextEdit[] = [];
  for (const { range, newText } of edits) {
    const text = inStyle(newText.replace(OUR_IMPORT, ""), view.cell.text);
    if (range.start.line < lines.length) {
      const visible = cellRange(view, withinLines(range, lines));
      if (visible) own.push({ range: visible, newText: text });
    } else imports.push(...text.split("\n").filter((line) => /^import\b/.test(line)));
  }
  if (imports.length === 0) return own;
  const { position, before } = importPlace(view.cell.text);
  const newText = `${before}${imports.join("\n")}\n`;
  return [{ range: { start: position, end: position }, newText }, ...own];
}

/** The edit that imports a name into a cell: into an import of the same module on one line, else by one of its own. */
export function importEdit(text: string, name: string, module: string): TextEdit {
  const lines = text.split("\n");
  const own = new RegExp(`^import \\{[^}]*[^},\\s](?=,? *\\} from ["']${module}["'])`);
  for (const [line, content] of lines.entries()) {
    const found = own.exec(content)?.[0];
    if (found === undefined) continue;
    const position = { line, character: found.length };
    return { range: { start: position, end: position }, newText: `, ${name}` };
  }
  const { position, before } = importPlace(text);
  const line = inStyle(`import { ${name} } from "${module}";`, text);
  return { range: { start: position, end: position }, newText: `${before}${line}\n` };
}

/** A line of ours among the imports that the compiler puts in order. */
const OUR_IMPORT = /^import [^\n]*"\.\/\.tandem-[^\n]*\n?/gm;

/** Imports without semicolons where the cell's have none: the compiler counts ours. */
const inStyle = (imports: string, text: string): string =>
  /^import\b/m.test(text) && !/^import\b.*;\s*$/m.test(text)
    ? imports.replace(/^(import\b.*["']);$/gm, "$1")
    : imports;

/** A range up to the end of the cell: removing its last line reaches into what stands below. */
function withinLines({ start, end }: Range, lines: readonly string[]): Range {
  if (end.line < lines.length) return { start, end };
  return { start, end: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
}

/** Where an import goes: below the cell's last that stands at its top, else on the first line that is TypeScript. */
function importPlace(text: string): { position: Position; before: string } {
  const lines = text.split("\n");
  let last = lines[0]?.startsWith("%%") ? 0 : -1;
  for (const [index, line] of lines.entries()) {
    if (/^import\b(?!\s*\()/.test(line)) last = endOfImport(lines, index);
    else if (index > last && line.trim() !== "" && !/^\s*(\/\/|\/\*|\*|%)/.test(line)) break;
  }
  const line = last + 1;
  if (line < lines.length) return { position: { line, character: 0 }, before: "" };
  return { position: { line: last, character: lines[last]?.length ?? 0 }, before: "\n" };
}

/** The line on which an import ends that may go over several. */
function endOfImport(lines: readonly string[], start: number): number {
  const end = lines.findIndex((line, index) => index >= start && /["'];?\s*$/.test(line));
  return end < 0 ? start : end;
}

/** The name that is begun before a place, and no member of anything; empty where there is none. */
export function wordBefore(text: string, { line, character }: Position): string {
  const before = text.split("\n")[line]?.slice(0, character) ?? "";
  return /(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(before)?.[0] ?? "";
}

/** The part of a text. */
export function textIn(text: string, { start, end }: Range): string {
  return text.slice(offsetOf(text, start), offsetOf(text, end));
}

/** The offset of a place. */
export function offsetOf(text: string, { line, character }: Position): number {
  return lineStart(text, line + 1) + character;
}

function isInside(text: string, { line }: Position): boolean {
  return line < text.split("\n").length;
}
