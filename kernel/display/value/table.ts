import { toPlain } from "./plain.ts";

/** What a table shows at most; the plain text beside it says more. */
const MOST_ROWS = 100;
const MOST_COLUMNS = 30;
/** Characters of a cell. */
const MOST_TEXT = 300;

/** An array of records as an HTML table; undefined for other arrays. Columns stand in the order of their first use. */
export function recordsToHtml(values: readonly unknown[]): string | undefined {
  const rows = values.slice(0, MOST_ROWS);
  if (rows.length === 0 || !rows.every(isRecord)) return undefined;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0) return undefined;
  const columns = names.slice(0, MOST_COLUMNS);
  const head = `<tr><th></th>${columns.map((name) => `<th>${escaped(name)}</th>`).join("")}</tr>`;
  const body = rows.map(
    (row, i) => `<tr><th>${i}</th>${columns.map((name) => cell(read(row, name))).join("")}</tr>`,
  );
  const left = [
    ...(values.length > MOST_ROWS ? [`${values.length - MOST_ROWS} more rows`] : []),
    ...(names.length > MOST_COLUMNS ? [`${names.length - MOST_COLUMNS} more columns`] : []),
  ];
  const note = left.length > 0 ? `<p>… ${left.join(", ")}</p>` : "";
  return `<table><thead>${head}</thead><tbody>${body.join("")}</tbody></table>${note}`;
}

/** A getter of the user's may throw: its cell says so. */
function read(row: Record<string, unknown>, name: string): unknown {
  try {
    return row[name];
  } catch (error) {
    return error;
  }
}

/** Plain objects; what has a class of its own shows itself better as text. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
  } catch {
    // A proxy that answers nothing.
    return false;
  }
}

function cell(value: unknown): string {
  if (value === undefined) return "<td></td>";
  if (typeof value === "string") return `<td>${escaped(shortened(value))}</td>`;
  if (typeof value === "number" || typeof value === "bigint") {
    return `<td style="text-align:right">${value}</td>`;
  }
  return `<td>${escaped(shortened(toPlain(value)))}</td>`;
}

function shortened(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  return `${text.slice(0, MOST_TEXT)}… ${text.length - MOST_TEXT} more characters`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
