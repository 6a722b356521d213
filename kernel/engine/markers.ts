import { StringDecoder } from "node:string_decoder";

/**
 * The bytes that mark a place in an engine's pipe, with the content that belongs there, or without where it comes another way.
 * `nonce` is new for each engine, so that output cannot forge one by chance.
 */
export function marker(nonce: string, place: number, content?: Buffer): Buffer {
  if (!content) return Buffer.from(`\0${nonce}:${place}\n`, "latin1");
  return Buffer.concat([Buffer.from(`\0${nonce}:${place}:${content.length}\n`, "latin1"), content]);
}

/** Takes a pipe apart into text and markers, in their order. */
export class MarkerReader {
  readonly #start: Buffer;
  readonly #onText: (text: string) => void;
  readonly #onMarker: (place: number, content?: Buffer) => void;
  // One decoder across markers: a marker may stand in the middle of another process's UTF-8 sequence.
  readonly #decoder = new StringDecoder("utf8");
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    nonce: string,
    onText: (text: string) => void,
    onMarker: (place: number, content?: Buffer) => void,
  ) {
    this.#start = Buffer.from(`\0${nonce}:`, "latin1");
    this.#onText = onText;
    this.#onMarker = onMarker;
  }

  push(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const at = bytes.indexOf(this.#start);
      const line = at < 0 ? -1 : bytes.indexOf(10, at + this.#start.length);
      const [place, size] =
        line < 0 ? [] : bytes.toString("latin1", at + this.#start.length, line).split(":");
      const end = line + 1 + Number(size ?? 0);
      if (place === undefined || bytes.length < end) {
        const keep = at < 0 ? this.#possibleStart(bytes) : at;
        this.#text(bytes.subarray(0, keep));
        this.#rest = bytes.subarray(keep);
        return;
      }
      this.#text(bytes.subarray(0, at));
      this.#onMarker(Number(place), size === undefined ? undefined : bytes.subarray(line + 1, end));
      bytes = bytes.subarray(end);
    }
  }

  /** The pipe has ended: what is left is text. */
  end(): void {
    const text = this.#decoder.write(this.#rest) + this.#decoder.end();
    this.#rest = Buffer.alloc(0);
    if (text) this.#onText(text);
  }

  #text(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (text) this.#onText(text);
  }

  /** Where a marker that continues in the next chunk may begin; the length of `bytes` if nowhere. */
  #possibleStart(bytes: Buffer): number {
    for (let at = Math.max(0, bytes.length - this.#start.length + 1); at < bytes.length; at++) {
      if (this.#start.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at;
    }
    return bytes.length;
  }
}
