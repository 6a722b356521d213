import { shortened, toLine } from "./plain.ts";

/** A part of a table, as it is shown. */
export interface Grid {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** In the columns' order. */
  readonly rows: readonly (readonly unknown[])[];
  /** Of the whole. */
  readonly rowCount: number;
  readonly columnCount: number;
  /** What is said of the types, where they were read from a part. */
  readonly note?: string;
}

/** Characters of a cell. */
const MOST_TEXT = 300;
/** The same in text, where a long one would move all others. */
const MOST_WIDTH = 40;
/** A terminal shows no more rows than this. */
const TEXT_ROWS = 20;

/** A table as HTML for screens and screen readers, without scripts: the size above it, types below the columns' names. */
export function gridToHtml({ columns, rows, rowCount, columnCount, note }: Grid): string {
  const head = columns.map(
    ({ name, type }) =>
      `<th scope="col" style="${side(type)}">${escaped(shortened(name, MOST_TEXT))}` +
      `<br><small style="font-weight:normal;opacity:.75">${escaped(type)}</small></th>`,
  );
  const body = rows.map((row, i) => `<tr><th scope="row">${i}</th>${row.map(cell).join("")}</tr>`);
  const caption = [size(rows.length, rowCount, "row"), size(columns.length, columnCount, "column")];
  const said = [caption.join(", "), ...(note ? [note] : [])].join("; ");
  return (
    `<table><caption style="text-align:left">${said}</caption>` +
    `<thead><tr><td></td>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`
  );
}

/** A table as text in columns of one width, numbers to the right. */
export function gridToText(grid: Grid): string {
  const { columns, rows, rowCount, columnCount } = grid;
  const lines = [
    columns.map(({ name }) => shortened(name, MOST_WIDTH)),
    columns.map(({ type }) => shortened(type, MOST_WIDTH)),
    ...rows.slice(0, TEXT_ROWS).map((row) => row.map((value) => shortened(textOf(value), MOST_WIDTH))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const right = columns.map(({ type }) => side(type) === RIGHT);
  const text = lines.map((line) =>
    line
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const shown = Math.min(rows.length, TEXT_ROWS);
  return [...text, `${size(shown, rowCount, "row")}, ${size(columns.length, columnCount, "column")}`].join(
    "\n",
  );
}

const textOf = (value: unknown): string => {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : toLine(value);
  return text.replace(/\s+/g, " ");
};

/** `3 rows`, or `first 30 of 1,000 rows`. */
function size(shown: number, all: number, thing: string): string {
  const things = `${all.toLocaleString("en")} ${thing}${all === 1 ? "" : "s"}`;
  return shown < all ? `first ${shown.toLocaleString("en")} of ${things}` : things;
}

const RIGHT = "text-align:right";
const LEFT = "text-align:left";

const side = (type: string) => (/^(number|bigint|(Ui|I)nt|Float|Decimal)/.test(type) ? RIGHT : LEFT);

function cell(value: unknown): string {
  if (value === undefined) return "<td></td>";
  if (typeof value === "number" || typeof value === "bigint")
    return `<td style="${RIGHT}">${shortened(String(value), MOST_TEXT)}</td>`;
  const text = typeof value === "string" ? value : toLine(value);
  const style = text.length <= MOST_WIDTH ? `${LEFT};white-space:nowrap` : LEFT;
  return `<td style="${style}">${escaped(shortened(text, MOST_TEXT))}</td>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text in HTML; characters that control a terminal, and halves of characters, as their escapes. */
export const escaped = (text: string): string =>
  text
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about.
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Surrogate}/gu, escapeOf);

const escapeOf = (character: string) => {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
};
