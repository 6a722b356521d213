import { inspect } from "node:util";
import { gridToHtml } from "./grid.ts";

/** How much of a table is shown. */
export interface TableOptions {
  /** At most so many rows; without: up to 100 rows all of them, of more the first 30. */
  readonly rows?: number | undefined;
  /** At most so many columns; 30 if left out. */
  readonly columns?: number | undefined;
}

const ALL_ROWS = 100;
const FIRST_ROWS = 30;
const MOST_COLUMNS = 30;
/** Values that are looked at for names and types of columns. */
const MOST_READ = 100_000;

/** An array of records as an HTML table; undefined for other arrays. Columns stand in the order of their first use. */
export function recordsToHtml(values: readonly unknown[], options: TableOptions = {}): string | undefined {
  const shownRows = options.rows ?? (values.length > ALL_ROWS ? FIRST_ROWS : values.length);
  if (values.length === 0 || !isRecord(values[0])) return undefined;
  const columns = new Map<string, ColumnType>();
  let read = 0;
  let scanned = 0;
  for (; scanned < values.length && (read < MOST_READ || scanned < shownRows); scanned++) {
    const row = values[scanned];
    if (!isRecord(row)) return undefined;
    const names = Object.keys(row);
    read += names.length + 1;
    for (const name of names) note(columns, name, valueIn(row, name));
  }
  if (columns.size === 0) return undefined;
  const shown = [...columns].slice(0, options.columns ?? MOST_COLUMNS);
  return gridToHtml({
    columns: shown.map(([name, type]) => ({ name, type: typeText(type, scanned) })),
    // All of these were found to be records.
    rows: values
      .slice(0, shownRows)
      .map((row) => shown.map(([name]) => valueIn(row as Record<string, unknown>, name))),
    rowCount: values.length,
    columnCount: columns.size,
    ...(scanned < values.length && { note: `types of the first ${scanned.toLocaleString("en")}` }),
  });
}

interface ColumnType {
  readonly types: Set<string>;
  /** Rows that have a value there. */
  count: number;
}

function note(columns: Map<string, ColumnType>, name: string, value: unknown): void {
  const column = columns.get(name) ?? { types: new Set(), count: 0 };
  columns.set(name, column);
  if (value === undefined || value === null) return;
  column.count++;
  column.types.add(typeOf(value));
}

/** `number`, `number | string`; with a question mark where some rows have no value. */
function typeText({ types, count }: ColumnType, rows: number): string {
  if (types.size === 0) return "null";
  const text = types.size > 3 ? "mixed" : [...types].join(" | ");
  return count < rows ? `${text}?` : text;
}

/** What `typeof` says; of objects the name of their class. */
function typeOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  try {
    const { name } = Object.getPrototypeOf(value)?.constructor ?? Object;
    return typeof name === "string" && name !== "" ? name.slice(0, 40) : "Object";
  } catch {
    return "Object";
  }
}

/** A getter of the user's may throw: its cell says so. */
function valueIn(row: Record<string, unknown>, name: string): unknown {
  try {
    return Object.hasOwn(row, name) ? row[name] : undefined;
  } catch (error) {
    return error;
  }
}

/** Plain objects, and instances of classes that hold nothing but plain values, such as rows of a database. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  if (Object.prototype.toString.call(value) !== "[object Object]" || inspect.custom in value) return false;
  return Object.values(value).every((one) => typeof one !== "function" && (!isObject(one) || isDate(one)));
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isDate = (value: object): boolean => Object.prototype.toString.call(value) === "[object Date]";
