import { fail } from "../errors.ts";
import type { BufferKind, FrameBuffer } from "./frames.ts";
import { copyToFile, LARGE, sharedPlace } from "./shared.ts";
import { arrays, type Node, type NumberKind } from "./values.ts";

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
