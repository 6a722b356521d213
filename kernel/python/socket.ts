import { connect, type Socket } from "node:net";
import { detached } from "../engine/origin.ts";
import { encodeRequest, type FrameBuffer, FrameReader } from "./frames.ts";

/** Where a runner listens, and the secret by which it knows its own. */
export interface RunnerAddress {
  readonly address: { readonly path: string } | { readonly port: number };
  readonly nonce: string;
}

/** A connection to a runner, of the kernel (`K`) or of an engine (`E`). */
export class RunnerSocket {
  readonly #socket: Socket;
  #nextId = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Rejects where nothing listens. `onClose` is called once, by either side's close. */
  static open(
    { address, nonce }: RunnerAddress,
    role: "K" | "E",
    onMessage: (message: unknown, buffers: Uint8Array<ArrayBuffer>[]) => void,
    onClose: () => void,
  ): Promise<RunnerSocket> {
    return new Promise((resolve, reject) => {
      // It serves the cells to come, too.
      const socket = detached(() =>
        "path" in address ? connect(address.path) : connect(address.port, "127.0.0.1"),
      );
      const frames = new FrameReader(onMessage);
      socket.on("data", (chunk: Buffer) => frames.push(chunk));
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.setNoDelay();
        socket.off("error", reject);
        socket.on("error", () => {}); // "close" follows.
        socket.once("close", onClose);
        socket.write(nonce + role);
        resolve(new RunnerSocket(socket));
      });
    });
  }

  /** Sends a request and returns its number. */
  send(method: string, params: unknown, buffers: readonly FrameBuffer[] = []): number {
    const id = this.#nextId++;
    this.#socket.cork();
    for (const chunk of encodeRequest(id, method, params, buffers)) this.#socket.write(chunk);
    this.#socket.uncork();
    return id;
  }

  close(): void {
    this.#socket.destroy();
  }
}
