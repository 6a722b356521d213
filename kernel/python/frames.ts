/**
 * Frames between TypeScript and the Python runner. Little endian: length of the JSON and number of buffers (u32
 * each); for each buffer a kind (u8) and its length in bytes (u64); the buffers; the JSON. A request's JSON is two
 * lines, `{"id", "method"}` and its parameters, so that Python can tell whose parameters did not decode.
 * `runner/tandem_runner/wire.py` is the other side.
 */

/** A binary part of a frame. */
export interface FrameBuffer {
  /** What Python makes of it: bytes, or an `array` of this kind of number. */
  readonly kind: BufferKind;
  readonly bytes: Uint8Array;
}

/** The order is the one in wire.py. */
const KINDS = ["bytes", "i8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"] as const;
export type BufferKind = (typeof KINDS)[number];

const HEAD = 8;
const ENTRY = 9;
/** Buffers up to this size are copied into one chunk with what stands around them. */
const SMALL = 16_384;

/** A request as the chunks to write, in order. Large buffers are chunks of their own, not copied. */
export function encodeRequest(
  id: number,
  method: string,
  params: unknown,
  buffers: readonly FrameBuffer[] = [],
): Buffer[] {
  const text = Buffer.from(`${JSON.stringify({ id, method })}\n${JSON.stringify(params)}`);
  const head = Buffer.allocUnsafe(HEAD + ENTRY * buffers.length);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(buffers.length, 4);
  buffers.forEach(({ kind, bytes }, index) => {
    const at = HEAD + ENTRY * index;
    head.writeUInt8(KINDS.indexOf(kind), at);
    head.writeBigUInt64LE(BigInt(bytes.byteLength), at + 1);
  });
  const parts = [head, ...buffers.map(({ bytes }) => viewOf(bytes)), text];
  return parts.every((part) => part.length <= SMALL) ? [Buffer.concat(parts)] : parts;
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Puts frames together from a socket's chunks, each buffer in memory of its own. */
export class FrameReader {
  readonly #onFrame: (message: unknown, buffers: Uint8Array<ArrayBuffer>[]) => void;
  /** What is being filled; then `#next` takes it and says what comes after. */
  #target = allocate(HEAD);
  #filled = 0;
  #next = (): void => this.#head();
  #textLength = 0;
  /** Whether what is being filled is a frame's beginning. */
  #inHead = true;
  #buffers: Uint8Array<ArrayBuffer>[] = [];

  constructor(onFrame: (message: unknown, buffers: Uint8Array<ArrayBuffer>[]) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let at = this.#small(chunk);
    if (at === chunk.length) return;
    for (;;) {
      const take = Math.min(this.#target.length - this.#filled, chunk.length - at);
      this.#target.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < this.#target.length) return;
      this.#next();
      if (at === chunk.length && this.#target.length > 0) return;
    }
  }

  /** Takes the frames without buffers that a chunk begins with, read where they are; how many bytes they have. */
  #small(chunk: Buffer): number {
    let at = 0;
    while (
      this.#inHead &&
      this.#filled === 0 &&
      chunk.length - at >= HEAD &&
      chunk.readUInt32LE(at + 4) === 0
    ) {
      const end = at + HEAD + chunk.readUInt32LE(at);
      if (end > chunk.length) break;
      const message: unknown = JSON.parse(chunk.toString("utf8", at + HEAD, end));
      at = end;
      this.#onFrame(message, []);
    }
    return at;
  }

  #expect(target: Uint8Array<ArrayBuffer>, next: () => void): void {
    this.#target = target;
    this.#filled = 0;
    this.#next = next;
  }

  #head(): void {
    const head = Buffer.from(this.#target.buffer);
    this.#inHead = false;
    this.#textLength = head.readUInt32LE(0);
    const count = head.readUInt32LE(4);
    this.#expect(allocate(count * ENTRY), () => this.#entries());
  }

  #entries(): void {
    const entries = Buffer.from(this.#target.buffer);
    this.#buffers = [];
    for (let at = 0; at < entries.length; at += ENTRY) {
      this.#buffers.push(allocate(Number(entries.readBigUInt64LE(at + 1))));
    }
    this.#buffer(0);
  }

  /** Fills the buffer of this index, then the ones behind it, then the JSON. */
  #buffer(index: number): void {
    const target = this.#buffers[index];
    if (target) this.#expect(target, () => this.#buffer(index + 1));
    else this.#expect(allocate(this.#textLength), () => this.#text());
  }

  #text(): void {
    const text = Buffer.from(this.#target.buffer).toString();
    const buffers = this.#buffers;
    this.#inHead = true;
    this.#expect(allocate(HEAD), () => this.#head());
    this.#onFrame(JSON.parse(text), buffers);
  }
}

/** Memory of its own, so that a typed array over it is nobody else's; not zeroed, as all of it will be written. */
function allocate(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer as ArrayBuffer, 0, length);
}
