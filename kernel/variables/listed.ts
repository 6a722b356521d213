import { inspect } from "node:util";

/** A variable as `%who` lists it. */
export interface Listed {
  readonly name: string;
  readonly type: string;
  /** `24 B`, `3 entries`; empty where a value has no size. */
  readonly size: string;
  /** Its beginning, on one line. */
  readonly value: string;
}

/** The size of a value, in the unit that fits its kind. Reads no property of the user's. */
export function sizeOf(value: unknown): string {
  if (typeof value === "string") return count(value.length, "character");
  if (typeof value !== "object" || value === null) return "";
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return bytes(value.byteLength);
  }
  if (Array.isArray(value)) return count(value.length, "entry", "entries");
  if (value instanceof Map || value instanceof Set) return count(value.size, "entry", "entries");
  return count(Object.keys(value).length, "entry", "entries");
}

/** The beginning of a value on one line, at the depth that fits there. */
export function beginningOf(value: unknown): string {
  if (typeof value === "function") return "";
  return inspect(value, {
    depth: 1,
    breakLength: Infinity,
    maxArrayLength: 8,
    maxStringLength: 80,
    colors: false,
  });
}

const count = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(n, 1)) / 3)));
  return `${Number((n / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}
