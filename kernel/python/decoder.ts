import { openShared, type SharedPlace, takeFile } from "./shared.ts";
import { arrays, type Node, type NumberKind } from "./values.ts";

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
