/** How many items of a collection are looked at for its type. */
const LOOKED_AT = 1000;
/** Objects with more fields than this are collections rather than records. */
const MAX_FIELDS = 30;
const MAX_DEPTH = 6;

/** The type of a value that came from Python, as TypeScript writes it; `any` where its parts differ too much. */
export function typeOf(value: unknown, depth = 0): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (depth > MAX_DEPTH) return "any";
  if (Array.isArray(value)) return `${parenthesised(union(value, depth))}[]`;
  if (value instanceof Map) return `Map<${union(value.keys(), depth)}, ${union(value.values(), depth)}>`;
  if (value instanceof Set) return `Set<${union(value, depth)}>`;
  if (ArrayBuffer.isView(value) || value instanceof Date) return value.constructor.name;
  const fields = Object.entries(value);
  if (fields.length > MAX_FIELDS || fields.length === 0) {
    return `Record<string, ${union(Object.values(value), depth)}>`;
  }
  return `{ ${fields.map(([name, field]) => `${key(name)}: ${typeOf(field, depth + 1)}`).join("; ")} }`;
}

function union(values: Iterable<unknown>, depth: number): string {
  const types = new Set<string>();
  let count = 0;
  for (const value of values) {
    if (count++ === LOOKED_AT) break;
    types.add(typeOf(value, depth + 1));
  }
  return types.size === 0 || types.size > 4 || types.has("any") ? "any" : [...types].join(" | ");
}

function parenthesised(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}

function key(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
