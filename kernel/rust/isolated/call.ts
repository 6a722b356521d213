import { join } from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { fail } from "../../errors.ts";
import type { Answer, BridgeData, Failure, Question } from "./messages.ts";

interface Waiting {
  resolve(answer: Answer): void;
}

/** A process for the code of isolated cells, made with the first call and again after it has ended. */
export class IsolatedProcess {
  readonly #answers = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, Waiting>();
  readonly #bundle: string;
  #port: MessagePort | undefined;
  #next = 0;
  /** A call in place that was interrupted: the process still runs it. */
  #left = false;

  /** `bundles`: the folder of isolated.cjs. */
  constructor(bundles: string) {
    this.#bundle = join(bundles, "isolated.cjs");
  }

  /** Asks and waits; the thread sleeps meanwhile, and is woken for an interrupt. */
  call(question: Omit<Question, "id">): Answer {
    this.#endWhatWasLeft();
    let found: Answer | undefined;
    const id = this.#send(question, (answer) => {
      found = answer;
    });
    this.#left = true;
    while (!found) {
      const before = Atomics.load(this.#answers, 0);
      this.#receive();
      // Short enough that an interrupt is heeded where waking fails.
      if (!found) Atomics.wait(this.#answers, 0, before, 100);
    }
    this.#left = false;
    this.#waiting.delete(id);
    return found;
  }

  /** Asks and goes on. */
  async callLater(question: Omit<Question, "id">): Promise<Answer> {
    this.#endWhatWasLeft();
    this.#start().ref();
    return await new Promise((resolve) => {
      this.#send(question, resolve);
    });
  }

  /** Ends the process with all that runs in it. */
  end(): void {
    this.#port?.postMessage("end");
  }

  #endWhatWasLeft(): void {
    if (!this.#left) return;
    this.#left = false;
    this.end();
    // What is asked next must reach the process after it.
    const before = Atomics.load(this.#answers, 0);
    Atomics.wait(this.#answers, 0, before, 2000);
    this.#receive();
  }

  #send(question: Omit<Question, "id">, resolve: (answer: Answer) => void): number {
    const id = this.#next++;
    this.#waiting.set(id, { resolve });
    this.#start().postMessage({ ...question, id } satisfies Question);
    return id;
  }

  #start(): MessagePort {
    if (this.#port) return this.#port;
    const { port1, port2 } = new MessageChannel();
    // It was made over one.
    const answers = this.#answers.buffer as SharedArrayBuffer;
    const workerData: BridgeData = { bundle: this.#bundle, answers, port: port2 };
    const bridge = new Worker(this.#bundle, { workerData, transferList: [port2] });
    // The engine may end though a process waits here.
    bridge.unref();
    port1.on("message", (answer: Answer) => this.#settle(answer));
    port1.unref();
    this.#port = port1;
    return port1;
  }

  #receive(): void {
    for (;;) {
      const message = this.#port && receiveMessageOnPort(this.#port);
      if (!message) return;
      // The bridge sends nothing else.
      this.#settle(message.message as Answer);
    }
  }

  #settle(answer: Answer): void {
    if ("ended" in answer) {
      this.#left = false;
      for (const { resolve } of this.#waiting.values()) resolve(answer);
      this.#waiting.clear();
      return;
    }
    this.#waiting.get(answer.id)?.resolve(answer);
    this.#waiting.delete(answer.id);
  }
}

/** An answer's value; what was written to goes into the arrays it came from. */
export function answered(
  answer: Answer,
  name: string,
  values: readonly unknown[],
  written: readonly number[],
): unknown {
  if ("ended" in answer) throw fail("isolatedEnded", name, answer.ended);
  if ("failure" in answer) throw errorOf(answer.failure);
  for (const [position, index] of written.entries()) {
    const [target, copy] = [values[index], answer.written[position]];
    // The process has checked both: they are typed arrays of one kind.
    if (target !== copy) (target as Float64Array).set(copy as Float64Array);
  }
  return answer.value;
}

function errorOf({ name, message, fields }: Failure): Error {
  const kinds: Record<string, ErrorConstructor> = { TypeError, RangeError };
  const error = new (kinds[name] ?? Error)(message);
  Object.assign(error, fields);
  if (error.name !== name) Object.defineProperty(error, "name", { value: name, configurable: true });
  return error;
}
