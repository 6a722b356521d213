import type { LoadedFunction } from "./addon.ts";
import type { RustFunction, RustNumber } from "./exports.ts";

const NAMES: Partial<Record<RustNumber, string>> = {
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
  i64: "BigInt64Array",
  u8: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  u64: "BigUint64Array",
  f32: "Float32Array",
  f64: "Float64Array",
};

const { apply } = Reflect;
const prototype: object = Object.getPrototypeOf(Uint8Array.prototype);
// What tells the kind of a typed array and cannot be deceived by what an object says of itself; V8 compiles it to a comparison.
const kindOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.get;

/**
 * A function of slices, for up to three parameters, that asks JavaScript for the kinds of its arrays: native code would take as long
 * for that as for all the rest of the call. Others are left as they are.
 */
export function withKnownArrays(
  { call, known }: LoadedFunction,
  signature: RustFunction,
): LoadedFunction["call"] {
  const kinds = signature.parameters.map(({ type }) => (type.kind === "slice" ? NAMES[type.element] : null));
  if (!known || !kindOf || kinds.length > 3 || kinds.includes(undefined)) return call;
  const get = kindOf;
  const [first, second, third] = kinds;
  const fits = (value: unknown, kind: string | null | undefined) =>
    kind === null || apply(get, value, []) === kind;
  // V8 makes no array of such rest parameters once the function is compiled.
  const all = [
    undefined,
    (...values: unknown[]) =>
      values.length === 1 && fits(values[0], first) ? known(values[0]) : call(...values),
    (...values: unknown[]) =>
      values.length === 2 && fits(values[0], first) && fits(values[1], second)
        ? known(values[0], values[1])
        : call(...values),
    (...values: unknown[]) =>
      values.length === 3 && fits(values[0], first) && fits(values[1], second) && fits(values[2], third)
        ? known(values[0], values[1], values[2])
        : call(...values),
  ];
  const checked = all[kinds.length] ?? call;
  if (checked !== call) Object.defineProperty(checked, "name", { value: call.name, configurable: true });
  return checked;
}
