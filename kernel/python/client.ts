import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { toError } from "./failure.ts";
import type { FrameBuffer } from "./frames.ts";
import type { Reply } from "./protocol.ts";
import { type RunnerAddress, RunnerSocket } from "./socket.ts";
import { decode, Encoder } from "./values.ts";

interface Job {
  readonly method: string;
  readonly params: unknown;
  readonly buffers: readonly FrameBuffer[];
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** The engine's connection to one interpreter. Requests wait for the one before: an interrupt ends them all. */
export class PythonClient {
  open = true;
  readonly #address: RunnerAddress;
  readonly #context: EngineContext;
  #socket!: RunnerSocket;
  #waiting: Job[] = [];
  #running: Job | undefined;
  /** `context.printed` when the kernel had last handed on all that was printed. */
  #settled = 0;

  static async connect(address: RunnerAddress, context: EngineContext): Promise<PythonClient> {
    const client = new PythonClient(address, context);
    client.#socket = await RunnerSocket.open(
      address,
      "E",
      // The runner is our own code: that is what it says.
      (message, buffers) => client.#reply(message as Reply, buffers),
      () => void client.#closed(),
    );
    return client;
  }

  private constructor(address: RunnerAddress, context: EngineContext) {
    this.#address = address;
    this.#context = context;
  }

  /**
   * Sends a request whose parameters `build` makes now, so that later changes to them do not count. Rejects with
   * `PythonError` where Python raised, or with errors of the catalogue.
   */
  request(method: string, build: (encoder: Encoder) => unknown): Promise<unknown> {
    const site = {};
    Error.captureStackTrace(site, this.request);
    const { signal } = this.#context;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const encoder = new Encoder();
      const stop = () => this.#drop(job, signal.reason);
      const job: Job = {
        method,
        params: build(encoder),
        buffers: encoder.buffers,
        resolve: (value) => {
          signal.removeEventListener("abort", stop);
          resolve(value);
        },
        reject: (error) => {
          signal.removeEventListener("abort", stop);
          reject(isFailure(error) ? toError(error.failure, site) : error);
        },
      };
      signal.addEventListener("abort", stop);
      this.#waiting.push(job);
      if (!this.#running) void this.#next();
    });
  }

  async #next(): Promise<void> {
    const job = this.#waiting.shift();
    this.#running = job;
    if (!job) return;
    try {
      // What TypeScript printed comes before what Python will print.
      const { printed } = this.#context;
      if (printed !== this.#settled) {
        await this.#context.ask("python.settle", {});
        this.#settled = printed;
      }
      if (this.open) this.#socket.send(job.method, job.params, job.buffers);
    } catch (error) {
      this.#finish((running) => running.reject(error));
    }
  }

  #finish(settle: (job: Job) => void): void {
    const job = this.#running;
    this.#running = undefined;
    if (job) settle(job);
    if (!this.#running) void this.#next();
  }

  #reply(reply: Reply, buffers: Uint8Array<ArrayBuffer>[]): void {
    this.#finish((job) => {
      if ("error" in reply) job.reject({ failure: reply.error });
      else job.resolve(decode(reply.result, buffers));
    });
  }

  /** Gives up on a job that has not been sent; one that has been ends by Python's own answer to the interrupt. */
  #drop(job: Job, reason: unknown): void {
    const at = this.#waiting.indexOf(job);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    job.reject(reason);
  }

  async #closed(): Promise<void> {
    this.open = false;
    const jobs = [...(this.#running ? [this.#running] : []), ...this.#waiting];
    this.#waiting = [];
    this.#running = undefined;
    if (jobs.length === 0) return;
    // The kernel, which owns the process, knows.
    const end = (await this.#context.ask("python.whyEnded", this.#address)) as Ended | undefined;
    const error = fail("pythonDied", end?.version ?? "", "", end?.why ?? "The kernel closed it.");
    for (const job of jobs) job.reject(error);
  }
}

interface Ended {
  version: string;
  why: string;
}

function isFailure(error: unknown): error is { failure: Extract<Reply, { error: unknown }>["error"] } {
  return typeof error === "object" && error !== null && "failure" in error;
}
