import type { EngineOutput } from "./output.ts";
import type { KernelAnswer } from "./protocol.ts";

/** The engine's questions to the kernel that are not answered yet. */
export class Questions {
  readonly #output: EngineOutput;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #next = 1;

  constructor(output: EngineOutput) {
    this.#output = output;
  }

  /** Resolves to the answer; rejects with an Error of the answer's name, message and code. */
  ask(method: string, params: unknown): Promise<unknown> {
    const question = this.#next++;
    return new Promise((resolve, reject) => {
      this.#open.set(question, { resolve, reject });
      this.#output.emit({ type: "ask", question, method, params });
    });
  }

  answered({ question, value, failure }: KernelAnswer): void {
    const open = this.#open.get(question);
    this.#open.delete(question);
    if (failure) open?.reject(Object.assign(new Error(failure.message), failure));
    else open?.resolve(value);
  }
}
