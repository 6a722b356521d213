import { fail } from "../errors.ts";
import type { BufferKind, FrameBuffer } from "./frames.ts";
import { copyToFile, LARGE, openShared, type SharedPlace, sharedPlace, takeFile } from "./shared.ts";

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

const MAX_DEPTH = 200;

/** Why a value cannot cross, and the path to it from the outside in. */
class NoCounterpart extends Error {
  readonly path: string[] = [];
}

/** Turns values into trees and collects their buffers. */
export class Encoder {
  readonly buffers: FrameBuffer[] = [];
  /** Descriptors of files that are to be closed when Python has answered. */
  readonly files: number[] = [];
  /** Memory that Python opens by its place, so it must not be let go before. */
  readonly kept: ArrayBufferLike[] = [];
  /** What had to be copied for its size: the name of the value that holds it, and bytes. */
  readonly copied: [name: string, bytes: number][] = [];
  #name = "";
  #depth = 0;

  /** The tree of a value known to the user as `name`. Throws the catalogue's `pythonCannotCross`. */
  encode(value: unknown, name: string): Node {
    this.#name = name;
    try {
      return this.#encode(value);
    } catch (error) {
      if (!(error instanceof NoCounterpart)) throw error;
      const path = error.path.join("");
      const where = name.includes(" ") ? `${path && `${path} in `}${name}` : name + path;
      throw fail("pythonCannotCross", where, error.message);
    }
  }

  #encode(value: unknown): Node {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "undefined":
        return null;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $: "float", v: specialFloat(value) };
      case "bigint":
        return { $: "int", v: value.toString(16) };
      case "object":
        return value === null ? null : this.#object(value);
      default:
        throw new NoCounterpart(`it is a ${typeof value}, which has no Python counterpart`);
    }
  }

  #object(value: object): Node {
    if (this.#depth === MAX_DEPTH) {
      throw new NoCounterpart(`it contains itself, or is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#depth++;
    try {
      if (Array.isArray(value)) return this.#items(value);
      if (ArrayBuffer.isView(value) || isArrayBuffer(value)) return this.#binary(value);
      if (value instanceof Map) return { $: "map", v: this.#pairs(value) };
      if (value instanceof Set) return { $: "set", v: this.#items([...value]) };
      if (value instanceof Date) return date(value);
      if (value instanceof Error) return { $: "error", name: value.name, v: value.message };
      if (isPlain(value)) return this.#fields(value);
    } finally {
      this.#depth--;
    }
    if (value instanceof Promise) throw new NoCounterpart("it is a Promise: await it first");
    throw new NoCounterpart(`it is an object of class ${className(value)}, which has no Python counterpart`);
  }

  #items(values: readonly unknown[]): Node[] {
    // Array.from visits holes too.
    return Array.from(values, (value, index) => this.#within(`[${index}]`, value));
  }

  #pairs(map: ReadonlyMap<unknown, unknown>): Node[] {
    return Array.from(map, ([key, value], index) => [
      this.#within(`.keys()[${index}]`, key),
      this.#within(`.get(${shown(key)})`, value),
    ]);
  }

  #fields(value: object): Node {
    const fields: [string, Node][] = Object.entries(value).map(([name, field]) => [
      name,
      this.#within(
        /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${shown(name)}]`,
        field,
      ),
    ]);
    // fromEntries makes a field of `__proto__`, too.
    return Object.hasOwn(value, "$") ? { $: "object", v: fields } : Object.fromEntries(fields);
  }

  #within(step: string, value: unknown): Node {
    try {
      return this.#encode(value);
    } catch (error) {
      if (error instanceof NoCounterpart && error.path.length < 20) error.path.unshift(step);
      throw error;
    }
  }

  #binary(value: ArrayBufferView | ArrayBufferLike): Node {
    const kind = kindOf(value);
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    const place = sharedPlace(bytes.buffer);
    if (place) {
      this.kept.push(bytes.buffer);
      return { $: "shared", t: kind, ...place, at: bytes.byteOffset, n: bytes.byteLength };
    }
    const $ = kind === "bytes" ? "bytes" : "array";
    const file = bytes.byteLength >= LARGE ? copyToFile(bytes) : undefined;
    if (file) {
      this.files.push(file.fd);
      this.copied.push([this.#name, bytes.byteLength]);
      return { $, t: kind, f: file.path, n: bytes.byteLength };
    }
    // A copy: the caller may write to it while it waits to be sent.
    return { $, b: this.buffers.push({ kind, bytes: bytes.slice() }) - 1 };
  }
}

/** The value of a tree whose binary parts are these buffers, each in memory of its own. Changes the tree. */
export function decode(node: Node, buffers: readonly Uint8Array<ArrayBuffer>[]): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) node[index] = decode(node[index], buffers);
    return node;
  }
  if (Object.hasOwn(node, "$")) return decodeTagged(node as Tagged, buffers);
  const fields = node as Record<string, Node>;
  for (const [name, field] of Object.entries(fields)) {
    const value = decode(field, buffers);
    // Most are what they were; a plain assignment to `__proto__` would not make a field.
    if (value !== field) Object.defineProperty(fields, name, { ...plainProperty, value });
  }
  return fields;
}

const hiddenProperty = { configurable: true, enumerable: false, writable: true };
const plainProperty = { configurable: true, enumerable: true, writable: true };

/** What Python sends for values that JSON has not. */
type Tagged =
  | { $: "int"; v: string }
  | { $: "float"; v: "nan" | "inf" | "-inf" }
  | { $: "date"; v: number }
  | ({ $: "bytes" } & Place)
  | ({ $: "list" | "array"; t: NumberKind } & Place)
  | ({ $: "matrix"; t: NumberKind; shape: number[] } & Place)
  /** Memory of `tandem.array`: from byte `at` on, so many bytes. */
  | ({ $: "shared"; t: NumberKind; at: number; n: number; shape?: number[] } & SharedPlace)
  | { $: "map" | "object"; v: [Node, Node][] }
  | { $: "set"; v: Node[] }
  | { $: "error"; name: string; v: string };

/** Where bytes are: the index of a buffer, or the path of a file and its length. */
type Place = { b: number } | { f: string; n: number };

function bytesAt(place: Place, buffers: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  return "b" in place ? buffers[place.b]! : new Uint8Array(takeFile(place.f, place.n));
}

function decodeTagged(node: Tagged, buffers: readonly Uint8Array<ArrayBuffer>[]): unknown {
  switch (node.$) {
    case "int":
      return node.v.startsWith("-") ? -BigInt(`0x${node.v.slice(1)}`) : BigInt(`0x${node.v}`);
    case "float":
      return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY }[node.v];
    case "date":
      return new Date(node.v);
    case "bytes":
      return bytesAt(node, buffers);
    case "list":
      return Array.from<unknown>(numbers(node.t, bytesAt(node, buffers).buffer));
    case "array":
      return numbers(node.t, bytesAt(node, buffers).buffer);
    case "matrix":
      return rows(numbers(node.t, bytesAt(node, buffers).buffer), node.shape);
    case "shared": {
      const all = numbers(node.t, openShared(node), node.at, node.n);
      return node.shape ? rows(all, node.shape) : all;
    }
    case "map":
      return new Map(node.v.map(([key, value]) => [decode(key, buffers), decode(value, buffers)]));
    case "set":
      return new Set(node.v.map((item) => decode(item, buffers)));
    case "error": {
      const { name, v } = node;
      // Under a class of its own name, which is what Node's inspect shows.
      const Named = { [name]: class extends Error {} }[name] ?? Error;
      return Object.defineProperty(new Named(v), "name", { ...hiddenProperty, value: name });
    }
    case "object":
      return Object.fromEntries(node.v.map(([name, value]) => [name, decode(value, buffers)]));
  }
}

const arrays = {
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
type NumberKind = keyof typeof arrays;
type NumberArray = InstanceType<(typeof arrays)[NumberKind]>;

function numbers(kind: NumberKind, buffer: ArrayBuffer, at = 0, bytes = buffer.byteLength): NumberArray {
  return new arrays[kind](buffer, at, bytes / arrays[kind].BYTES_PER_ELEMENT);
}

/** A matrix as nested arrays, its last dimension as views of one buffer. */
function rows(all: NumberArray, shape: readonly number[]): unknown {
  const build = (dimension: number, start: number): unknown => {
    const length = shape[dimension]!;
    if (dimension === shape.length - 1) return all.subarray(start, start + length);
    const step = shape.slice(dimension + 1).reduce((product, one) => product * one, 1);
    return Array.from({ length }, (_, index) => build(dimension + 1, start + index * step));
  };
  return build(0, 0);
}

function kindOf(value: ArrayBufferView | ArrayBufferLike): BufferKind {
  for (const [kind, type] of Object.entries(arrays)) {
    if (value instanceof type) return kind === "u8" ? "bytes" : (kind as Exclude<NumberKind, "u8">);
  }
  return "bytes";
}

function isArrayBuffer(value: object): value is ArrayBufferLike {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}

/** Made by an object literal, or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function date(value: Date): Node {
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new NoCounterpart("it is an Invalid Date");
  return { $: "date", v: ms };
}

function specialFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return String(value).replace("Infinity", "inf").toLowerCase();
}

function className(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === "function" && made.name ? made.name : "unknown";
}

function shown(key: unknown): string {
  const text = typeof key === "string" ? JSON.stringify(key) : String(key);
  return text.length <= 40 ? text : `${text.slice(0, 36)}…`;
}
