import { gridToHtml } from "./grid.ts";
import type { TableOptions } from "./table.ts";

const FIRST_ROWS = 30;
const MOST_COLUMNS = 30;

/** A table of Apache Arrow (also what duckdb and others give), as HTML with Arrow's own types; undefined for all else. */
export function frameToHtml(value: unknown, options: TableOptions = {}): string | undefined {
  if (!isArrowTable(value)) return undefined;
  const { fields } = value.schema;
  const shown = fields.slice(0, options.columns ?? MOST_COLUMNS);
  const count = Math.min(value.numRows, options.rows ?? FIRST_ROWS);
  const columns = shown.map((_, i) => value.getChildAt(i));
  return gridToHtml({
    columns: shown.map(({ name, type, nullable }) => ({
      name: String(name),
      type: `${type}${nullable ? "?" : ""}`,
    })),
    rows: Array.from({ length: count }, (_, row) => columns.map((column) => plain(column?.get(row)))),
    rowCount: value.numRows,
    columnCount: fields.length,
  });
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

/** Arrow's vectors and structs as what they hold. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("toJSON" in value) || value instanceof Date)
    return value;
  return typeof value.toJSON === "function" ? value.toJSON() : value;
}
