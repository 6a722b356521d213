import { setTimeout } from "node:timers";
import type { CellError } from "../cells/cell.ts";
import { toBundle } from "../display/value/bundle.ts";
import { describeError } from "../display/value/error.ts";
import { Context } from "./context.ts";
import { installGlobals } from "./globals.ts";
import { GRACE, Interrupted, Interrupts } from "./interrupts.ts";
import type { EngineOutput } from "./output.ts";
import { PartLoader } from "./part-loader.ts";
import type { EngineRequest, Failure } from "./protocol.ts";
import { CellThrew, Scope } from "./scope.ts";

/** Answers the kernel's requests one by one. */
export class Runner {
  readonly #output: EngineOutput;
  readonly #bundles: string;
  readonly #interrupts = new Interrupts(() => this.#answerWhatIsStuck());
  /** Requests without an answer so far. */
  readonly #open = new Map<number, EngineRequest>();
  readonly #scope = new Scope();
  readonly #context: Context;
  readonly #parts: PartLoader;

  /** `folder`: the notebook's; `bundles`: where the engine's other bundles are. */
  constructor(folder: string, bundles: string, output: EngineOutput) {
    this.#output = output;
    this.#bundles = bundles;
    this.#context = new Context(folder, this.#scope, this.#interrupts, output);
    this.#parts = new PartLoader(bundles, this.#context);
    this.#parts.installGlobals();
    installGlobals(this.#context);
    process.on("uncaughtException", (error) => this.#report("Uncaught", error));
    process.on("unhandledRejection", (reason) => this.#report("Unhandled rejection:", reason));
  }

  /** What need not be there before the first cell. */
  warmUp(): void {
    this.#interrupts.listen(this.#bundles);
  }

  /** Runs a request and says how it went. Never rejects. */
  async handle(request: EngineRequest): Promise<void> {
    const { id } = request;
    this.#context.cell = { number: request.number, file: request.file };
    this.#open.set(id, request);
    this.#output.emit({ type: "begin", id });
    try {
      const value = await this.#interrupts.run(() => this.#perform(request));
      this.#output.emit({ type: "done", id, value });
    } catch (error) {
      this.#output.emit({ type: "done", id, failure: toFailure(error, request.file) });
    }
    this.#open.delete(id);
  }

  /**
   * A termination meant for a cell may hit the lines above, when the cell ended just then: nothing would answer.
   * Late enough that no answer can be under way.
   */
  #answerWhatIsStuck(): void {
    const open = [...this.#open.values()];
    setTimeout(() => {
      for (const { id, file } of open) {
        if (!this.#open.delete(id)) continue;
        this.#output.emit({ type: "done", id, failure: toFailure(new Interrupted(), file) });
      }
    }, 4 * GRACE);
  }

  async #perform(request: EngineRequest): Promise<unknown> {
    if (request.type === "call") return await this.#parts.call(request.method, request.params);
    for (const binding of request.code.imports) this.#context.imports.set(binding.local, binding);
    const { hoisted = [], code, showResult } = request.code;
    for (const script of hoisted) await this.#scope.run(named(script, request.file));
    const value = await this.#scope.run(named(code, request.file));
    if (!showResult || value === undefined) return undefined;
    // A cell may have declared a `_` of its own, which this leaves alone.
    (globalThis as unknown as { _: unknown })._ = value;
    this.#output.emit({ type: "result", data: toBundle(value) });
    return undefined;
  }

  /** What nobody caught: told in the cell that runs, or ran last; the engine goes on. */
  #report(prefix: string, thrown: unknown): void {
    const { traceback } = describeError(thrown);
    this.#output.emit({ type: "stream", name: "stderr", text: `${prefix} ${traceback.join("\n")}\n` });
  }
}

/** Code under the cell's name in stacks. */
const named = (code: string, file: string) => `${code}\n//# sourceURL=${file}`;

/** A failure on its way to the kernel. */
function toFailure(caught: unknown, file: string): Failure {
  const { thrown, position } = caught instanceof CellThrew ? caught : { thrown: caught, position: undefined };
  const error = describe(thrown, file, position);
  return { error, fields: cloneableFields(thrown) };
}

function describe(thrown: unknown, file: string, position: CellThrew["position"] | undefined): CellError {
  if (thrown instanceof Error && thrown.name === "Interrupted") {
    return { ename: thrown.name, evalue: thrown.message, traceback: [`${thrown.name}: ${thrown.message}`] };
  }
  // Code that does not parse has no frame of its own.
  const parsed = !(thrown instanceof SyntaxError) || thrown.stack?.includes(`${file}:`);
  return describeError(
    thrown,
    parsed || !position ? undefined : `${file}:${position.line}:${position.column}`,
  );
}

/** An error's own fields that survive a structured clone. */
function cloneableFields(thrown: unknown): Record<string, unknown> {
  if (typeof thrown !== "object" || thrown === null) return {};
  return Object.fromEntries(
    Object.entries(thrown).filter(([, value]) => {
      try {
        structuredClone(value);
        return true;
      } catch {
        return false;
      }
    }),
  );
}
