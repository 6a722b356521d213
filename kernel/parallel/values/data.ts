import { Deserializer, Serializer } from "node:v8";
import type { DataContent } from "../protocol.ts";

/** Views of at least this many bytes travel by shared memory. */
const SHARE_FROM = 1 << 20;

const views = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Buffer,
];

/** Views of shared memory cannot be encoded for another process. */
export class SharedMemory extends Error {}

/** Gives the shared memory that holds a copy of a buffer. */
export type Share = (buffer: ArrayBuffer) => SharedArrayBuffer;

/**
 * Encodes cloneable data; large views are put into shared memory by `share`, and views of shared memory stay on it.
 * Without `share`, for another process, large views are copied and those of shared memory throw `SharedMemory`. Throws what cannot be cloned, a SharedArrayBuffer by itself among it: V8's deserializer in Node cannot read one.
 */
export function encodeData(value: unknown, share: Share | undefined): DataContent {
  const writer = new DataWriter(share);
  writer.writeHeader();
  writer.writeValue(value);
  return { bytes: writer.releaseBuffer(), shared: writer.shared };
}

/** The value of what `encodeData` made. */
export function decodeData({ bytes, shared }: DataContent): unknown {
  const reader = new DataReader(bytes, shared);
  reader.readHeader();
  return reader.readValue();
}

/** Methods that V8's serializer calls, and the one that Node's types leave out. */
interface Host {
  _setTreatArrayBufferViewsAsHostObjects(on: boolean): void;
}

class DataWriter extends Serializer {
  readonly shared: SharedArrayBuffer[] = [];
  readonly #share: Share | undefined;

  constructor(share: Share | undefined) {
    super();
    this.#share = share;
    // Declared by Node's documentation, not by its types.
    (this as unknown as Host)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view: ArrayBufferView): void {
    const type = views.findLastIndex((View) => view instanceof View);
    if (type < 0) throw new TypeError(`${view.constructor.name} cannot be cloned`);
    this.writeUint32(type);
    const shared = this.#sharedOf(view);
    this.writeUint32(shared ? 1 : 0);
    this.writeUint32(view.byteLength);
    if (shared) {
      this.writeUint32(this.#indexOf(shared));
      this.writeDouble(view.byteOffset);
    } else {
      this.writeRawBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    }
  }

  #indexOf(buffer: SharedArrayBuffer): number {
    const known = this.shared.indexOf(buffer);
    return known < 0 ? this.shared.push(buffer) - 1 : known;
  }

  #sharedOf({ buffer, byteLength }: ArrayBufferView): SharedArrayBuffer | undefined {
    if (buffer instanceof SharedArrayBuffer) {
      if (!this.#share) throw new SharedMemory();
      return buffer;
    }
    return byteLength >= SHARE_FROM ? this.#share?.(buffer) : undefined;
  }
}

class DataReader extends Deserializer {
  readonly #shared: readonly SharedArrayBuffer[];

  constructor(bytes: Uint8Array, shared: readonly SharedArrayBuffer[]) {
    super(bytes);
    this.#shared = shared;
  }

  _readHostObject(): ArrayBufferView {
    const View = views[this.readUint32()] ?? Uint8Array;
    const isShared = this.readUint32() === 1;
    const byteLength = this.readUint32();
    const length = byteLength / ("BYTES_PER_ELEMENT" in View ? View.BYTES_PER_ELEMENT : 1);
    if (!isShared) {
      // Copied: the message's bytes need not stand at a multiple of the element's size.
      return makeView(View, Uint8Array.from(this.readRawBytes(byteLength)).buffer, 0, length);
    }
    const buffer = this.#shared[this.readUint32()];
    if (!buffer) throw new Error("Data refers to a shared buffer that did not come along.");
    return makeView(View, buffer, this.readDouble(), length);
  }
}

type ViewClass = (typeof views)[number];

function makeView(View: ViewClass, buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView {
  // Node takes a shared buffer too; its types do not say so.
  if (View === Buffer) return Buffer.from(buffer as ArrayBuffer, offset, length);
  // Each of them takes a buffer, an offset in bytes and a length in elements (bytes for a DataView).
  return new (View as Uint8ArrayConstructor)(buffer, offset, length);
}
