import { types } from "node:util";
import { toPlain } from "./plain.ts";

type NumberArray = Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>;

export const isTypedArray = (value: unknown): value is NodeJS.TypedArray => types.isTypedArray(value);

/** Reads the kind of a typed array from its inside, whatever its class says. */
const kind = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

/** Up to this length all elements are shown, and nothing needs to be summed up. */
const SHOWN_WHOLE = 100;
const HEAD = 10;
const TAIL = 3;
/** Beyond this length the summary would be felt: it reads every element. */
const SUMMARIZED = 20_000_000;

/** A typed array in a few lines: its first and last elements, range and mean. A small one is shown whole. */
export function summarize(given: NodeJS.TypedArray): string {
  const array = bare(given);
  if (array.length <= SHOWN_WHOLE) return toPlain(given);
  const text = array instanceof Float32Array ? float32 : (x: number | bigint) => toPlain(x);
  const head = Array.from(array.subarray(0, HEAD), text).join(", ");
  const tail = Array.from(array.subarray(-TAIL), text).join(", ");
  const shape = `${nameOf(given)}(${array.length}) [ ${head}, …, ${tail} ]`;
  if (array.length > SUMMARIZED) return shape;
  return `${shape}\n${isBig(array) ? bigSummary(array) : numberSummary(array)}`;
}

/** The same elements without what a subclass may have overridden. */
function bare(array: NodeJS.TypedArray): NodeJS.TypedArray {
  const named = globalThis as unknown as Record<string, Float64ArrayConstructor>;
  const name: unknown = kind?.call(array);
  const Kind = typeof name === "string" ? named[name] : undefined;
  if (!Kind || array.constructor === Kind) return array;
  // Whatever the kind: all are constructed alike.
  return new Kind(array.buffer, array.byteOffset, array.byteLength / Kind.BYTES_PER_ELEMENT);
}

/** `Buffer`, or the name of its class. */
function nameOf(array: NodeJS.TypedArray): string {
  try {
    return array.constructor.name || String(kind?.call(array));
  } catch {
    return String(kind?.call(array));
  }
}

const isBig = (array: NodeJS.TypedArray): array is BigInt64Array | BigUint64Array =>
  array instanceof BigInt64Array || array instanceof BigUint64Array;

function numberSummary(array: NumberArray): string {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let nan = 0;
  for (let i = 0; i < array.length; i++) {
    // The index is within the length.
    const x = array[i] as number;
    if (x < least) least = x;
    if (x > most) most = x;
    if (Number.isNaN(x)) nan++;
    else sum += x;
  }
  const count = array.length - nan;
  const text = array instanceof Float32Array ? float32 : String;
  const range =
    count > 0 ? `min ${text(least)}, max ${text(most)}, mean ${short(sum / count)}` : "no numbers";
  return nan > 0 ? `${range}, NaN ${nan}` : range;
}

function bigSummary(array: BigInt64Array | BigUint64Array): string {
  // Not empty: it is longer than what is shown whole.
  let least = array[0] as bigint;
  let most = least;
  let sum = 0n;
  for (const x of array) {
    if (x < least) least = x;
    if (x > most) most = x;
    sum += x;
  }
  return `min ${least}n, max ${most}n, mean ${short(Number(sum) / array.length)}`;
}

/** As few digits as tell a number of 32 bits from its neighbours, which are at most 9. */
function float32(x: number | bigint): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(Number(x).toPrecision(digits));
    if (Math.fround(rounded) === x) return toPlain(rounded);
  }
  return toPlain(x);
}

/** Six significant digits, without zeros that say nothing. */
const short = (x: number) => String(Number(x.toPrecision(6)));
