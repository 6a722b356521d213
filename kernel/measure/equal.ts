/** How far two floating-point numbers may be apart and still be the same result. */
export type Tolerance = { readonly ulps: number } | { readonly relative: number };

/** Where two results first differ. */
export interface Difference {
  /** From the result's top, `[3].name`; empty where the results themselves differ. */
  readonly path: string;
  /** What each of them has there, in words or as a literal. */
  readonly left: string;
  readonly right: string;
}

/**
 * Compares results of different languages: numbers and bigints by value, floats within the tolerance, any list or typed
 * array element by element, Map, object and dict by key, sets by members. Nothing (undefined, null, None, unit) equals
 * nothing. Returns the first difference.
 */
export function firstDifference(
  left: unknown,
  right: unknown,
  tolerance: Tolerance = { ulps: 4 },
): Difference | undefined {
  return compare(left, right, "", { tolerance, seen: new Map() });
}

interface Context {
  readonly tolerance: Tolerance;
  /** Pairs that are being compared already, for values that contain themselves. */
  readonly seen: Map<object, Set<object>>;
}

function compare(left: unknown, right: unknown, path: string, context: Context): Difference | undefined {
  if (Object.is(left, right)) return undefined;
  if (left == null && right == null) return undefined;
  const differs = () => ({ path, left: describe(left), right: describe(right) });
  if (isNumeric(left) && isNumeric(right)) {
    return sameNumber(left, right, context.tolerance) ? undefined : differs();
  }
  if (!isObject(left) || !isObject(right)) return left === right ? undefined : differs();
  const before = context.seen.get(left) ?? new Set();
  if (before.has(right)) return undefined;
  context.seen.set(left, before.add(right));

  const [a, b] = [elements(left), elements(right)];
  if (a && b) return compareLists(a, b, path, context);
  if (left instanceof Date && right instanceof Date) {
    return left.getTime() === right.getTime() ? undefined : differs();
  }
  if (left instanceof Set && right instanceof Set) {
    const extra = missing(left, right) ?? missing(right, left);
    return extra === undefined ? undefined : { ...differs(), ...memberOf(extra, left) };
  }
  const [x, y] = [entries(left), entries(right)];
  return x && y ? compareEntries(x, y, path, context) : differs();
}

function compareLists(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
  path: string,
  context: Context,
): Difference | undefined {
  if (a.length !== b.length) return { path, left: `${a.length} elements`, right: `${b.length} elements` };
  for (let i = 0; i < a.length; i++) {
    // The common case of long arrays makes neither a path nor a call.
    if (a[i] === b[i]) continue;
    const difference = compare(a[i], b[i], `${path}[${i}]`, context);
    if (difference) return difference;
  }
  return undefined;
}

function compareEntries(a: Entries, b: Entries, path: string, context: Context): Difference | undefined {
  // An object's keys are strings whatever they were before, so a Map's number 1 meets an object's "1".
  const plain = a.plain || b.plain;
  const others = new Map(b.list.map(([key, value]) => [keyOf(key, plain), value]));
  const known = new Set<string>();
  for (const [key, value] of a.list) {
    const id = keyOf(key, plain);
    known.add(id);
    const step = `${path}${pathStep(key)}`;
    if (!others.has(id)) {
      if (value == null) continue;
      return { path: step, left: describe(value), right: "no such key" };
    }
    const difference = compare(value, others.get(id), step, context);
    if (difference) return difference;
  }
  for (const [key, value] of b.list) {
    if (known.has(keyOf(key, plain)) || value == null) continue;
    return { path: `${path}${pathStep(key)}`, left: "no such key", right: describe(value) };
  }
  return undefined;
}

function sameNumber(left: number | bigint, right: number | bigint, tolerance: Tolerance): boolean {
  if (typeof left === "number" && typeof right === "number") {
    if (left === right) return true;
    if ("relative" in tolerance) {
      return Math.abs(left - right) <= tolerance.relative * Math.max(Math.abs(left), Math.abs(right));
    }
    return ulpsApart(left, right) <= tolerance.ulps;
  }
  // Loose equality of a bigint and a number compares their mathematical values exactly.
  // biome-ignore lint/suspicious/noDoubleEquals: 9227465n === 9227465 is false
  return left == right;
}

const bits = new DataView(new ArrayBuffer(8));

/** How many doubles lie between two finite ones, counted by their bit patterns. Infinity where either is not finite. */
export function ulpsApart(left: number, right: number): number {
  if (!Number.isFinite(left) || !Number.isFinite(right)) return Infinity;
  return Math.abs(Number(ordinal(left) - ordinal(right)));
}

/** Doubles in order as integers in order: IEEE 754 is sign and magnitude, so negative ones count downwards from zero. */
function ordinal(value: number): bigint {
  bits.setFloat64(0, value);
  const pattern = bits.getBigInt64(0);
  return pattern < 0n ? -(pattern & 0x7fff_ffff_ffff_ffffn) : pattern;
}

interface Entries {
  readonly list: [key: unknown, value: unknown][];
  /** A plain object, whose keys are strings. */
  readonly plain: boolean;
}

function entries(value: object): Entries | undefined {
  if (value instanceof Map) return { list: [...value], plain: false };
  if (typeof value === "function" || value instanceof Set || value instanceof Date) return undefined;
  if (elements(value)) return undefined;
  return { list: Object.entries(value), plain: true };
}

function elements(value: object): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // Every view that is no DataView is a typed array, which TypeScript does not know.
  return ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : undefined;
}

/** A text that is the same for keys of the same value: 1 and 1n, [1, "a"] and [1n, "a"]. */
function keyOf(key: unknown, plain: boolean): string {
  if (plain && !isObject(key)) return String(key);
  if (isNumeric(key)) return `n${key}`;
  if (Array.isArray(key)) return `[${key.map((part) => keyOf(part, plain)).join(",")}]`;
  return typeof key === "string" ? JSON.stringify(key) : String(key);
}

function pathStep(key: unknown): string {
  if (typeof key !== "string") return `[${describe(key)}]`;
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** A member of `left` that `right` lacks. */
function missing(left: Set<unknown>, right: Set<unknown>): unknown {
  const known = new Set([...right].map((member) => keyOf(member, false)));
  return [...left].find((member) => !known.has(keyOf(member, false)));
}

function memberOf(member: unknown, left: Set<unknown>): { left: string; right: string } {
  const [has, lacks] = [`the member ${describe(member)}`, "no such member"];
  return left.has(member) ? { left: has, right: lacks } : { left: lacks, right: has };
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A value in a sentence: short, on one line. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    const text = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    return JSON.stringify(text);
  }
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "bigint") return value.toString();
  if (!isObject(value)) return String(value);
  const list = elements(value);
  if (list) return `a list of ${list.length}`;
  if (value instanceof Map) return `a Map of ${value.size}`;
  if (value instanceof Set) return `a Set of ${value.size}`;
  if (typeof value === "function") return `the function ${value.name || "without a name"}`;
  return value instanceof Date ? value.toISOString() : `an object with ${Object.keys(value).length} keys`;
}
