import { closeSync } from "node:fs";
import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { pythonBegins, pythonEnds } from "./busy.ts";
import { decode } from "./decoder.ts";
import { Encoder } from "./encoder.ts";
import { toError } from "./failure.ts";
import type { FrameBuffer } from "./frames.ts";
import type { PythonFailure, Reply } from "./protocol.ts";
import { type RunnerAddress, RunnerSocket } from "./socket.ts";

/** What TypeScript asks of Python, as it was when it was asked: later changes of the values do not count. */
export class PythonRequest {
  readonly method: string;
  readonly params: unknown;
  readonly buffers: readonly FrameBuffer[];
  /** What was copied into files for its size, there and back: what it is called, and bytes. */
  readonly copied: [name: string, bytes: number][];
  readonly #files: number[];
  readonly #kept: unknown[];
  /** Where it was asked. */
  readonly site: { stack?: string } = {};

  /** `build` makes the parameters. Throws the catalogue's `pythonCannotCross`. */
  constructor(method: string, build: (encoder: Encoder) => unknown) {
    Error.captureStackTrace(this.site, PythonRequest);
    const encoder = new Encoder();
    this.method = method;
    this.#files = encoder.files;
    this.#kept = encoder.kept;
    this.buffers = encoder.buffers;
    this.copied = encoder.copied;
    try {
      this.params = build(encoder);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Closes what was open for Python: it has answered, or never will. */
  release(): void {
    for (const fd of this.#files.splice(0)) closeSync(fd);
    this.#kept.length = 0;
  }
}

interface Job {
  readonly request: PythonRequest;
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
  #job: Job | undefined;
  /** The signal whose abort is listened to. */
  #watched: AbortSignal | undefined;
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

  get #running(): Job | undefined {
    return this.#job;
  }

  set #running(job: Job | undefined) {
    if (job && !this.#job) pythonBegins();
    if (!job && this.#job) pythonEnds();
    this.#job = job;
  }

  /** Resolves to Python's answer; rejects with `PythonError` where it raised, or with errors of the catalogue. */
  send(request: PythonRequest): Promise<unknown> {
    this.#watch();
    return new Promise((resolve, reject) => {
      this.#context.signal.throwIfAborted();
      this.#waiting.push({
        request,
        resolve,
        reject: (error) => reject(isFailure(error) ? toError(error.failure, request.site) : error),
      });
      if (!this.#running) this.#next();
    });
  }

  /** Gives up, with the running cell, what has not been sent; what has been ends by Python's own answer to the interrupt. */
  #watch(): void {
    const { signal } = this.#context;
    // Of each cell's signal once, not for each call: a listener costs as much as the rest of this side.
    if (signal === this.#watched) return;
    this.#watched = signal;
    signal.addEventListener("abort", () => {
      for (const job of this.#waiting.splice(0)) job.reject(signal.reason);
    });
  }

  #next(): void {
    const job = this.#waiting.shift();
    this.#running = job;
    if (!job) return;
    const { printed } = this.#context;
    if (printed === this.#settled) this.#write(job);
    else void this.#settle(job, printed);
  }

  /** What TypeScript printed comes before what Python will print. */
  async #settle(job: Job, printed: number): Promise<void> {
    try {
      await this.#context.ask("python.settle", {});
      this.#settled = printed;
      this.#write(job);
    } catch (error) {
      this.#finish((running) => running.reject(error));
    }
  }

  #write({ request }: Job): void {
    if (this.open) this.#socket.send(request.method, request.params, request.buffers);
  }

  #finish(settle: (job: Job) => void): void {
    const job = this.#running;
    this.#running = undefined;
    if (job) settle(job);
    if (!this.#running) this.#next();
  }

  #reply(reply: Reply, buffers: Uint8Array<ArrayBuffer>[]): void {
    this.#finish((job) => {
      if (!("error" in reply)) {
        if (reply.copied) job.request.copied.push(...reply.copied);
        try {
          return job.resolve(decode(reply.result, buffers));
        } catch (error) {
          return job.reject(error);
        }
      }
      // An interrupt is for those that wait behind, too, before any of them starts.
      const ended = isInterrupt(reply.error) ? [job, ...this.#waiting.splice(0)] : [job];
      for (const one of ended) one.reject({ failure: reply.error });
    });
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

function isInterrupt(failure: PythonFailure): boolean {
  return "name" in failure && failure.name === "KeyboardInterrupt";
}

function isFailure(error: unknown): error is { failure: PythonFailure } {
  return typeof error === "object" && error !== null && "failure" in error;
}
