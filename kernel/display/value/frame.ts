import type { MimeBundle } from "../../wire/message.ts";
import { type Grid, gridToHtml, gridToText } from "./grid.ts";
import { toPlain } from "./plain.ts";
import type { TableOptions } from "./table.ts";

const FIRST_ROWS = 30;
const MOST_COLUMNS = 30;

/** A table of Apache Arrow (also what duckdb and others give), with Arrow's own types, and its vectors; undefined for all else. */
export function frameOf(value: unknown, options: TableOptions = {}): MimeBundle | undefined {
  if (isArrowVector(value)) return { "text/plain": vectorText(value) };
  if (!isArrowTable(value)) return undefined;
  const grid = gridOf(value, options);
  // As an object it would be its schema and buffers.
  return { "text/plain": gridToText(grid), "text/html": gridToHtml(grid) };
}

function gridOf(value: ArrowTable, options: TableOptions): Grid {
  const { fields } = value.schema;
  const shown = fields.slice(0, options.columns ?? MOST_COLUMNS);
  const count = Math.min(value.numRows, options.rows ?? FIRST_ROWS);
  const columns = shown.map((_, i) => value.getChildAt(i));
  return {
    columns: shown.map(({ name, type, nullable }) => ({
      name: String(name),
      type: `${type}${nullable ? "?" : ""}`,
    })),
    rows: Array.from({ length: count }, (_, row) =>
      columns.map((column, i) => plain(column?.get(row), shown[i]?.type)),
    ),
    rowCount: value.numRows,
    columnCount: fields.length,
  };
}

/** As much of an Arrow table as is read here. */
interface ArrowTable {
  readonly schema: { readonly fields: readonly { name: unknown; type: unknown; nullable: unknown }[] };
  readonly numRows: number;
  getChildAt(index: number): { get(row: number): unknown } | null;
}

/** By its shape: each package has its own copy of Arrow. */
function isArrowTable(value: unknown): value is ArrowTable {
  if (typeof value !== "object" || value === null || !("schema" in value && "numRows" in value)) return false;
  const { schema, numRows } = value;
  return (
    typeof numRows === "number" &&
    typeof schema === "object" &&
    schema !== null &&
    "fields" in schema &&
    Array.isArray(schema.fields) &&
    "getChildAt" in value &&
    typeof value.getChildAt === "function"
  );
}

/** As much of an Arrow vector as is read here. */
interface ArrowVector {
  readonly type: unknown;
  readonly length: number;
  get(row: number): unknown;
}

function isArrowVector(value: unknown): value is ArrowVector {
  if (typeof value !== "object" || value === null || !("type" in value && "length" in value)) return false;
  const { length } = value;
  const methods = ["get", "getChildAt", "toArray", "slice"];
  return (
    typeof length === "number" && methods.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

function vectorText(vector: ArrowVector): string {
  const shown = Math.min(vector.length, 100);
  const values = Array.from({ length: shown }, (_, i) => plain(vector.get(i), vector.type));
  const more = vector.length > shown ? ` and ${vector.length - shown} more` : "";
  return `Vector<${vector.type}>(${vector.length}) ${toPlain(values)}${more}`;
}

/** Arrow's vectors and structs as what they hold; its dates, which are milliseconds, as dates. */
function plain(value: unknown, type: unknown): unknown {
  if (typeof value === "number" && /^(Date|Timestamp)/.test(String(type))) return new Date(value);
  if (typeof value !== "object" || value === null || !("toJSON" in value) || value instanceof Date)
    return value;
  return typeof value.toJSON === "function" ? value.toJSON() : value;
}
