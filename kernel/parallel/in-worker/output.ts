import type { Writable } from "node:stream";
import type { FromWorker } from "../protocol.ts";

/**
 * Sends what user code writes to the main thread at once. Node's own streams of a worker hand it over only when the
 * worker's event loop turns, which a busy worker's does not. The streams themselves stay: Node's internals know them.
 */
export function routeOutput(post: (message: FromWorker) => void): void {
  for (const name of ["stdout", "stderr"] as const) {
    // In a worker they are plain Writable streams, whatever the types say.
    const stream = process[name] as unknown as Writable;
    stream._write = (chunk: string | Buffer, _encoding, done) => {
      post({ type: "stream", name, text: chunk.toString() });
      done();
    };
    // A socket of a process writes several at once by it.
    Object.defineProperty(stream, "_writev", { value: undefined, configurable: true, writable: true });
    stream.end = () => stream;
  }
}
