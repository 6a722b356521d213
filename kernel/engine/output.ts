import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { encodeFrame } from "./frames.ts";
import { marker } from "./markers.ts";
import { originOf } from "./origin.ts";
import { type EngineEvent, FD } from "./protocol.ts";
import { seal } from "./strike.ts";

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
    // The content goes first: when the kernel meets the marker, the content is there or about to arrive.
    if (event.type === "begin") this.#current = event.id;
    const of = this.#late();
    writeFully(FD.events, encodeFrame(of === undefined ? { ...event, place } : { ...event, place, of }));
    writeFully(1, marker(this.#nonce, place));
    if (event.type === "done") writeFully(2, marker(this.#nonce, place));
  }

  /**
   * Replaces process.stdout and process.stderr. Node's own would switch the pipe to non-blocking, for native code
   * and child processes too, whose writes then fail when the pipe is full.
   */
  install(): void {
    const stdout = userStream(1, (chunk) => {
      this.#printed++;
      if (this.#late() === undefined) seal(() => writeFully(1, chunk));
      else this.emit({ type: "stream", name: "stdout", text: chunk.toString() });
    });
    const stderr = userStream(2, (chunk) =>
      this.emit({ type: "stream", name: "stderr", text: chunk.toString() }),
    );
    Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
    Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
    // Node's global console also keeps the last 1,000 arguments alive for an inspector, and is slower for it.
    globalThis.console = new console.Console({ stdout, stderr, colorMode: false });
    globalThis.console.clear = () => this.emit({ type: "clear", wait: false });
  }

  /** The request that the code which runs now belongs to, if it is another than the current one. */
  #late(): number | undefined {
    const origin = originOf();
    return origin === this.#current ? undefined : origin;
  }
}

/** A stream that user code cannot end: `process.stdout` stays open as long as the engine lives. */
function userStream(fd: number, write: (chunk: Buffer) => void): Writable & { fd: number } {
  const stream = new Writable({
    autoDestroy: false,
    emitClose: false,
    write(chunk: Buffer, _encoding, done) {
      write(chunk);
      done();
    },
  });
  const end: Writable["end"] = (...args: unknown[]) => {
    const [chunk] = args;
    if (typeof chunk === "string" || chunk instanceof Uint8Array) stream.write(chunk);
    return stream;
  };
  return Object.assign(stream, { fd, end, destroy: () => stream });
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
