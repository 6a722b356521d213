import type { Runtime } from "node:inspector";
import { Session } from "node:inspector";
import { performance } from "node:perf_hooks";
import type { EngineTime } from "./part.ts";

/** A cell's code threw `thrown`; `position` (1-based) is known where it did not even parse. */
export class CellThrew extends Error {
  readonly thrown: unknown;
  readonly position: { line: number; column: number };
  constructor(thrown: unknown, position: { line: number; column: number }) {
    super("The cell threw.");
    this.thrown = thrown;
    this.position = position;
  }
}

/**
 * The notebook's scope: the global lexical scope, reached by an inspector session on the same thread. Its REPL mode
 * gives top-level await and redeclaration.
 */
export class Scope {
  readonly #session = new Session();
  /** Remote id of a function that receives values from the inspector's side. */
  readonly #receiver: string;
  #received: unknown;
  #time: EngineTime = { wall: 0, user: 0, system: 0 };

  constructor() {
    this.#session.connect();
    const holder = globalThis as unknown as Record<symbol, unknown>;
    // Reached by a registered symbol for this one moment: user code never sees it.
    const key = Symbol.for("tandem.receiver");
    holder[key] = (value: unknown) => {
      this.#received = value;
    };
    // In no object group, so that it is never released.
    const expression = 'globalThis[Symbol.for("tandem.receiver")]';
    const { result } = this.#postNow("Runtime.evaluate", { expression });
    delete holder[key];
    if (result.objectId === undefined) throw new Error("The inspector gave no id.");
    this.#receiver = result.objectId;
  }

  /**
   * Runs code and awaits it; rejects with `CellThrew`. The completion value is boxed, for it may be a promise, which
   * is a value like any other.
   */
  run(code: string): Promise<{ value: unknown }> {
    const start = performance.now();
    const cpu = process.cpuUsage();
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, response?: Runtime.EvaluateReturnType) => {
        this.#count(performance.now() - start, process.cpuUsage(cpu));
        try {
          resolve({ value: this.#outcome(error, response) });
        } catch (thrown) {
          reject(thrown);
        }
      };
      this.#session.post(
        "Runtime.evaluate",
        { expression: code, replMode: true, awaitPromise: true, objectGroup: "cell" } as never,
        settle,
      );
    });
  }

  /** What all runs together took. */
  get time(): EngineTime {
    return this.#time;
  }

  #count(milliseconds: number, cpu: NodeJS.CpuUsage): void {
    const { wall, user, system } = this.#time;
    this.#time = {
      wall: wall + milliseconds / 1e3,
      user: user + cpu.user / 1e6,
      system: system + cpu.system / 1e6,
    };
  }

  /** The value of an expression, now; throws what it throws. */
  read(expression: string): unknown {
    try {
      return this.#outcome(null, this.#evaluateNow(`(${expression}\n)`));
    } catch (error) {
      throw error instanceof CellThrew ? error.thrown : error;
    }
  }

  /** Declares `let name = value`, replacing an earlier declaration. */
  define(name: string, value: unknown): void {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name)) {
      throw new SyntaxError(`${JSON.stringify(name)} is not a name for a variable.`);
    }
    const holder = globalThis as unknown as Record<symbol, unknown>;
    const key = Symbol.for("tandem.defined");
    holder[key] = value;
    // REPL mode, which alone may declare again, answers later but runs at once.
    const expression = `let ${name} = globalThis[Symbol.for("tandem.defined")]; undefined`;
    this.#session.post("Runtime.evaluate", { expression, replMode: true } as never, () => {});
    delete holder[key];
  }

  /** Outside REPL mode, which answers later. It sees all that the cells declared. */
  #evaluateNow(expression: string): Runtime.EvaluateReturnType {
    return this.#postNow("Runtime.evaluate", { expression, objectGroup: "cell" });
  }

  /** A command that answers before it returns, as all do that await nothing. */
  #postNow(method: string, params: object): Runtime.EvaluateReturnType {
    let answer: Runtime.EvaluateReturnType | undefined;
    let failure: Error | null = null;
    this.#session.post(method, params, (error: Error | null, response?: object) => {
      failure = error;
      // All methods that are posted here answer with a remote object.
      answer = response as Runtime.EvaluateReturnType;
    });
    if (!answer) throw failure ?? new Error(`${method} did not answer.`);
    return answer;
  }

  #outcome(error: Error | null, response: Runtime.EvaluateReturnType | undefined): unknown {
    if (error || !response) throw error ?? new Error("The inspector did not answer.");
    const { result, exceptionDetails } = response;
    if (exceptionDetails) {
      const { lineNumber, columnNumber, exception } = exceptionDetails;
      throw new CellThrew(this.#take(exception ?? { type: "undefined" }), {
        line: lineNumber + 1,
        column: columnNumber + 1,
      });
    }
    return this.#take(result);
  }

  /** The value behind the inspector's description of it. */
  #take(remote: Runtime.RemoteObject): unknown {
    if (remote.type === "undefined") return undefined;
    if (remote.objectId === undefined && remote.unserializableValue === undefined) return remote.value;
    const argument =
      remote.objectId === undefined
        ? { unserializableValue: remote.unserializableValue }
        : { objectId: remote.objectId };
    this.#postNow("Runtime.callFunctionOn", {
      objectId: this.#receiver,
      functionDeclaration: "function (value) { this(value); }",
      arguments: [argument],
    });
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: "cell" });
    const value = this.#received;
    this.#received = undefined;
    return value;
  }
}
