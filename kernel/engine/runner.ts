import { setTimeout } from "node:timers";
import { describeError } from "../display/value/error.ts";
import type { Shown } from "../display/value/shown.ts";
import { Context } from "./context.ts";
import { toFailure } from "./failure.ts";
import { installGlobals } from "./globals.ts";
import { Interrupted } from "./interrupted.ts";
import { GRACE, Interrupts } from "./interrupts.ts";
import { takeModuleMaps } from "./module-maps.ts";
import { originOfPromise, runAs, settleOrigins, takeThrower } from "./origin.ts";
import type { EngineOutput } from "./output.ts";
import { PartLoader } from "./part-loader.ts";
import { Positions } from "./positions.ts";
import type { EngineRequest } from "./protocol.ts";
import type { Questions } from "./questions.ts";
import { Scope } from "./scope.ts";
import { installStackTraces } from "./stack-traces.ts";

/** Answers the kernel's requests one by one. */
export class Runner {
  readonly #output: EngineOutput;
  readonly #bundles: string;
  readonly #interrupts = new Interrupts(() => this.#answerWhatIsStuck());
  /** Requests without an answer so far. */
  readonly #open = new Map<number, EngineRequest>();
  readonly #scope = new Scope();
  readonly #positions = new Positions(takeModuleMaps);
  readonly #context: Context;
  readonly #parts: PartLoader;

  /** `folder`: the notebook's; `bundles`: where the engine's other bundles are. */
  constructor(folder: string, bundles: string, output: EngineOutput, questions: Questions) {
    this.#output = output;
    this.#bundles = bundles;
    this.#context = new Context(folder, this.#scope, this.#interrupts, output, questions, (problem) =>
      this.#report("A value could not show itself:", problem),
    );
    this.#parts = new PartLoader(bundles, this.#context);
    installStackTraces(this.#positions);
    this.#parts.installGlobals();
    installGlobals(this.#context);
    process.on("uncaughtException", (error) => runAs(takeThrower(), () => this.#report("Uncaught", error)));
    process.on("exit", (code) => this.#output.emit({ type: "exiting", code, where: exitedAt() }));
    process.on("unhandledRejection", (reason, promise) =>
      runAs(originOfPromise(promise), () => this.#report("Unhandled rejection:", reason)),
    );
  }

  /** What need not be there before the first cell. */
  warmUp(): void {
    this.#interrupts.listen(this.#bundles);
  }

  /** Takes a request, to be run once its caller is done: user code may be terminated with all that called it. */
  handle(request: EngineRequest): void {
    this.#open.set(request.id, request);
    void Promise.resolve(request).then((taken) => this.#handle(taken));
  }

  /** Runs a request and says how it went. Never rejects. */
  async #handle(request: EngineRequest): Promise<void> {
    const { id } = request;
    settleOrigins();
    this.#context.cell = { number: request.number, file: request.file };
    this.#output.emit({ type: "begin", id });
    try {
      const answer = await this.#interrupts.run(id, () => runAs(id, () => this.#perform(request)));
      this.#output.emit({ type: "done", id, ...answer });
    } catch (error) {
      this.#output.emit({ type: "done", id, failure: toFailure(error, request.file, this.#positions) });
    }
    this.#open.delete(id);
  }

  /**
   * A termination meant for a cell may hit the lines above, when the cell ended just then: nothing would answer.
   * Late enough that no answer can be under way.
   */
  #answerWhatIsStuck(): void {
    const open = [...this.#open.values()].filter(({ id }) => this.#interrupts.isMeant(id));
    setTimeout(() => {
      for (const { id, file } of open) {
        if (!this.#open.delete(id)) continue;
        this.#output.emit({ type: "done", id, failure: toFailure(new Interrupted(), file, this.#positions) });
      }
    }, 4 * GRACE);
  }

  async #perform(request: EngineRequest): Promise<{ value?: unknown; shown?: Shown }> {
    if (request.type === "call") return { value: await this.#parts.call(request.method, request.params) };
    this.#context.declare(request.file, request.code);
    const { hoisted = [], code, showResult, sourceMap, aside } = request.code;
    this.#positions.set(request.file, sourceMap?.mappings);
    for (const script of hoisted) await this.#scope.run(named(script, request.file));
    const { value } = await this.#scope.run(named(code, request.file));
    await this.#context.displays.settled();
    if (!showResult || value === undefined) return {};
    // A cell may have declared a `_` of its own, which this leaves alone.
    if (!aside) (globalThis as unknown as { _: unknown })._ = value;
    return { shown: await this.#context.displays.result(value) };
  }

  /** What nobody caught: told in the cell that started it; the engine goes on. */
  #report(prefix: string, thrown: unknown): void {
    const text = describeError(thrown).traceback.join("\n");
    this.#output.emit({ type: "stream", name: "stderr", text: `${prefix} ${text}\n` });
  }
}

/** Code under the cell's name in stacks. */
const named = (code: string, file: string) => `${code}\n//# sourceURL=${file}`;

/** The cell's line that called `process.exit`: the first frame of a cell on the stack. */
const exitedAt = () => /cell-\d+\.ts:\d+:\d+/.exec(new Error().stack ?? "")?.[0] ?? "";
