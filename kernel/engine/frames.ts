import { deserialize, serialize } from "node:v8";

/** A frame: four bytes of length (little endian), then a structured clone. Throws where the value cannot be cloned. */
export function encodeFrame(value: unknown): Buffer {
  return frameOf(serialize(value));
}

/** The frame of a structured clone. */
export function frameOf(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Puts frames together from a pipe's chunks. */
export class FrameReader<T> {
  readonly #onFrame: (value: T, size: number) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes needed before anything can be read. */
  #needed = 4;

  /** `onFrame` gets each value, and how many bytes it came in. */
  constructor(onFrame: (value: T, size: number) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Joined only when a whole frame is there: a large one arrives in thousands of chunks.
    while (this.#size >= this.#needed) {
      const [first] = this.#chunks;
      const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
      const end = 4 + bytes.readUInt32LE(0);
      this.#chunks = [bytes];
      if (bytes.length < end) {
        this.#needed = end;
        return;
      }
      this.#chunks = [bytes.subarray(end)];
      this.#size = bytes.length - end;
      this.#needed = 4;
      // The peer is our own code: T is what it encodes.
      this.#onFrame(deserialize(bytes.subarray(4, end)) as T, end);
    }
  }
}
