import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { serialize } from "node:v8";
import { frameOf } from "./frames.ts";
import { marker } from "./markers.ts";
import { originOf } from "./origin.ts";
import { type EngineEvent, FD } from "./protocol.ts";
import { seal } from "./strike.ts";

/**
 * Up to so many bytes an event stands in its marker. Each pipe with news costs the kernel a tenth of a millisecond, and what
 * is written at once no other thread's or process's output can stand in the middle of.
 */
const SMALL = 2048;

/** The engine's side of the ordered output. All writes are synchronous: what was said before a crash is out. */
export class EngineOutput {
  readonly #nonce: string;
  #place = 0;
  #printed = 0;
  /** The request that runs, or ran last: raw output is its. */
  #current: number | undefined;

  constructor(nonce: string) {
    this.#nonce = nonce;
  }

  /** Grows whenever user code prints or shows something. */
  get printed(): number {
    return this.#printed;
  }

  /** Sends an event, placed after all raw output so far. Throws where its content cannot be cloned. */
  emit(event: EngineEvent): void {
    seal(() => this.#emit(event));
  }

  #emit(event: EngineEvent): void {
    const place = this.#place++;
    if (event.type !== "done" && event.type !== "begin" && event.type !== "ask") this.#printed++;
    if (event.type === "begin") this.#current = event.id;
    const of = this.#late();
    const content = serialize(of === undefined ? { ...event, place } : { ...event, place, of });
    const isSmall = content.length <= SMALL;
    // Before the marker: when the kernel meets that, what belongs there has arrived, or is about to.
    if (!isSmall) writeFully(FD.events, frameOf(content));
    if (event.type === "done") writeFully(2, marker(this.#nonce, place));
    writeFully(1, marker(this.#nonce, place, isSmall ? content : undefined));
  }

  /**
   * Replaces process.stdout and process.stderr. Node's own would switch the pipe to non-blocking, for native code
   * and child processes too, whose writes then fail when the pipe is full.
   */
  install(): void {
    const stdout = new UserStream(1, (chunk) => {
      this.#printed++;
      if (this.#late() === undefined) seal(() => writeFully(1, chunk));
      else this.emit({ type: "stream", name: "stdout", text: chunk.toString() });
    });
    const stderr = new UserStream(2, (chunk) =>
      this.emit({ type: "stream", name: "stderr", text: chunk.toString() }),
    );
    Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
    Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
    // Node's global console also keeps the last 1,000 arguments alive for an inspector, and is slower for it.
    globalThis.console = new console.Console({ stdout, stderr, colorMode: false, ignoreErrors: false });
    globalThis.console.clear = () => this.emit({ type: "clear", wait: false });
  }

  /** The request that the code which runs now belongs to, if it is another than the current one. */
  #late(): number | undefined {
    const origin = originOf();
    return origin === this.#current ? undefined : origin;
  }
}

/**
 * A stream that user code cannot end: `process.stdout` stays open as long as the engine lives. It writes at once, without
 * the state of Node's streams: an interrupt may end a write at any point, which Node would take for one that still goes on,
 * and keep all that follows in memory for good.
 */
class UserStream extends Writable {
  readonly fd: number;
  readonly #write: (chunk: Buffer) => void;

  constructor(fd: number, write: (chunk: Buffer) => void) {
    super({ autoDestroy: false, emitClose: false });
    this.fd = fd;
    this.#write = write;
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const encoding = typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8";
    const callback = rest.find((one) => typeof one === "function");
    this.#write(bytesOf(chunk, encoding));
    if (callback) process.nextTick(callback);
    return true;
  }

  override end(...args: unknown[]): this {
    const [chunk, ...rest] = args;
    const callback = args.find((one) => typeof one === "function");
    if (typeof chunk === "string" || chunk instanceof Uint8Array) this.write(chunk, ...rest);
    else if (callback) process.nextTick(callback);
    return this;
  }

  override destroy(): this {
    return this;
  }

  // Nothing is ever held back.
  override cork(): void {}
  override uncork(): void {}
}

/** What is written, as bytes; throws what Node's streams throw for anything else. */
function bytesOf(chunk: unknown, encoding: BufferEncoding): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const error = new TypeError(
    'The "chunk" argument must be of type string or an instance of Buffer or Uint8Array.',
  );
  throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" });
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it, however full the pipe is. */
function writeFully(fd: number, chunk: Buffer): void {
  for (let at = 0; at < chunk.length; ) {
    try {
      at += writeSync(fd, chunk, at);
    } catch (error) {
      // A child process that shares the pipe may have made it non-blocking.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
