import { allocateShared } from "./shared.ts";

const kinds = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
] as const;
type Kind = (typeof kinds)[number];
type NumberArray = InstanceType<Kind>;

/**
 * `tandem.array(Float64Array, 1000)`, `tandem.array(Float64Array, [1, 2])`, `tandem.array(values)` of a typed array: a typed
 * array in memory that Python maps, too, so that both have the same numbers and nothing is copied when it crosses.
 * Where no memory can be shared it is an array like any other.
 */
export function sharedArray(first: unknown, second?: unknown): NumberArray {
  const kind = kinds.find((one) => one === first || first instanceof one);
  if (!kind)
    throw new TypeError(
      "tandem.array takes a class of typed arrays, such as Float64Array, or a typed array.",
    );
  const source = first === kind ? (second ?? 0) : first;
  const values = typeof source === "number" ? undefined : valuesOf(source);
  const length = values ? values.length : Number(source);
  if (!Number.isSafeInteger(length) || length < 0)
    throw new RangeError(`tandem.array: ${length} is no length.`);
  const bytes = length * kind.BYTES_PER_ELEMENT;
  const buffer = (bytes > 0 ? allocateShared(bytes) : undefined) ?? new ArrayBuffer(bytes);
  const array = new kind(buffer);
  // The class of the array is that of its values, else `set` throws.
  if (values) array.set(values);
  return array;
}

/** What `set` takes: a typed array as it is, else the items of an iterable. */
function valuesOf(source: unknown): ArrayLike<number> & ArrayLike<bigint> {
  // Wrong items are told by `set`.
  const values = ArrayBuffer.isView(source) ? source : Array.from(source as Iterable<number>);
  return values as unknown as ArrayLike<number> & ArrayLike<bigint>;
}
