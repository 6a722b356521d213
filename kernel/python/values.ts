/**
 * Values on their way between TypeScript and Python; `encoder.py` and `decoder.py` in runner/tandem_runner are the other side.
 *
 * | TypeScript | Python | |
 * |---|---|---|
 * | number | int where it is integral, else float | as in JSON; a parameter annotated float gets a float |
 * | number | float | NaN, infinities and -0 included |
 * | bigint | int | of any size |
 * | number | int | to TypeScript only, where `--int` or an annotation float says so; exact or an error |
 * | boolean, string, null | bool, str, None | undefined becomes None |
 * | Array | list | a tuple becomes an Array |
 * | plain object | dict whose keys are all str | as in JSON: `stats.mean` is what one wants to write |
 * | Map | dict with other keys | an object would turn the keys into strings; a Map becomes a dict always |
 * | Set | set, frozenset | |
 * | Date | datetime, in UTC | to the millisecond; naive is local time, a date is its midnight in UTC |
 * | Uint8Array, Buffer, ArrayBuffer | bytes | bytearray and buffers of unsigned bytes become Uint8Array |
 * | other typed arrays | numpy.ndarray, or array.array without numpy | arrays of any library by the buffer protocol |
 * | Array of typed arrays | numpy.ndarray of two and more dimensions | to TypeScript only; the rows share one buffer |
 * | object | dataclass | to Python where a parameter's annotation says so |
 * | Error | exception | by its name and message; one that is raised is thrown |
 *
 * Memory of `tandem.array` is the same on both sides. Other buffers are copied: large ones into a file that the other side
 * maps, where there are such files (see shared.ts).
 *
 * A value is a JSON tree in which `{"$": kind, …}` stands for what JSON has not; binary parts are buffers beside the
 * tree, named by their index. What cannot cross is an error that names it and the path to it.
 */
export type Node = unknown;

/** The kinds of number that both sides have, with their arrays. */
export const arrays = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};
export type NumberKind = keyof typeof arrays;
