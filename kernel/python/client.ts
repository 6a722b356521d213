import type { EngineContext } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { pythonBegins, pythonEnds } from "./busy.ts";
import { toError } from "./failure.ts";
import type { FrameBuffer } from "./frames.ts";
import type { PythonFailure, Reply } from "./protocol.ts";
import { type RunnerAddress, RunnerSocket } from "./socket.ts";
import { decode, Encoder } from "./values.ts";

/** What TypeScript asks of Python, as it was when it was asked: later changes of the values do not count. */
export class PythonRequest {
  readonly method: string;
  readonly params: unknown;
  readonly buffers: readonly FrameBuffer[];
  /** Where it was asked. */
  readonly site: { stack?: string } = {};

  /** `build` makes the parameters. Throws the catalogue's `pythonCannotCross`. */
  constructor(method: string, build: (encoder: Encoder) => unknown) {
    Error.captureStackTrace(this.site, PythonRequest);
    const encoder = new Encoder();
    this.method = method;
    this.params = build(encoder);
    this.buffers = encoder.buffers;
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
    const { signal } = this.#context;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = () => this.#drop(job, signal.reason);
      const job: Job = {
        request,
        resolve: (value) => {
          signal.removeEventListener("abort", stop);
          resolve(value);
        },
        reject: (error) => {
          signal.removeEventListener("abort", stop);
          reject(isFailure(error) ? toError(error.failure, request.site) : error);
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
      if (this.open) this.#socket.send(job.request.method, job.request.params, job.request.buffers);
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
      if (!("error" in reply)) return job.resolve(decode(reply.result, buffers));
      // An interrupt is for those that wait behind, too, before any of them starts.
      const ended = isInterrupt(reply.error) ? [job, ...this.#waiting.splice(0)] : [job];
      for (const one of ended) one.reject({ failure: reply.error });
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

function isInterrupt(failure: PythonFailure): boolean {
  return "name" in failure && failure.name === "KeyboardInterrupt";
}

function isFailure(error: unknown): error is { failure: PythonFailure } {
  return typeof error === "object" && error !== null && "failure" in error;
}
