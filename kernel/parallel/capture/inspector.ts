import type { Debugger, Runtime } from "node:inspector";
import { Session } from "node:inspector";

/** What V8 knows of a function and its language does not tell. */
export interface FunctionFacts {
  /** Its variables from outside, innermost first, without the notebook's scope and the global one. */
  readonly scopes: readonly Readonly<Record<string, unknown>>[];
  /** Where it starts: 0-based; undefined for native functions. */
  readonly place: { readonly scriptId: string; readonly line: number; readonly column: number } | undefined;
  /** For a bound function: what it was made from. */
  readonly bound:
    | { readonly target: unknown; readonly self: unknown; readonly args: readonly unknown[] }
    | undefined;
}

/** The slot has to be found by the inspector's own evaluation: by a registered symbol, for a moment. */
const KEY = Symbol.for("tandem.inspected");

/** Reads functions by an inspector session on the same thread; all commands used answer before they return. */
export class FunctionInspector {
  readonly #session = new Session();
  readonly #holder = globalThis as unknown as Record<symbol, unknown>;
  /** Remote id of a function that hands values to this side. */
  readonly #receiver: string;
  #received: unknown;
  readonly #files = new Map<string, string>();
  readonly #known = new WeakMap<object, FunctionFacts>();

  constructor() {
    this.#session.connect();
    this.#receiver = this.#remoteId((value: unknown) => {
      this.#received = value;
    }, "tandem.receiver");
    this.#session.on("Debugger.scriptParsed", ({ params }) => this.#files.set(params.scriptId, params.url));
  }

  facts(fn: object): FunctionFacts {
    const known = this.#known.get(fn);
    if (known) return known;
    const facts = this.#inspect(fn);
    // Variables change, all else does not.
    if (facts.scopes.length === 0) this.#known.set(fn, facts);
    return facts;
  }

  #inspect(fn: object): FunctionFacts {
    const id = this.#remoteId(fn, "tandem.facts");
    const { internalProperties = [] } = this.#post<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
      objectId: id,
      ownProperties: true,
    });
    const internal = (name: string) => internalProperties.find((property) => property.name === name)?.value;
    const live = (name: string) => {
      const remote = internal(name);
      return remote && this.#live(remote);
    };
    const target = internal("[[TargetFunction]]");
    // The list of scopes is an array of our own making as far as the language goes: `{ description, object }`.
    const scopes = (live("[[Scopes]]") ?? []) as ArrayLike<{
      description: string;
      object: Record<string, unknown>;
    }>;
    // The inspector's answer for this property is a `Debugger.Location`.
    const place = internal("[[FunctionLocation]]")?.value as Debugger.Location | undefined;
    const facts: FunctionFacts = {
      scopes: Array.from(scopes)
        .filter(({ description }) => /^(Closure|Block|Catch|Eval|With|Module)/.test(description))
        .map(({ object }) => object),
      place: place && { scriptId: place.scriptId, line: place.lineNumber, column: place.columnNumber ?? 0 },
      bound: target && {
        target: this.#live(target),
        self: live("[[BoundThis]]"),
        args: Array.from((live("[[BoundArgs]]") ?? []) as ArrayLike<unknown>),
      },
    };
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: "tandem.facts" });
    return facts;
  }

  /** The name of a script in stacks (`cell-7.ts`); empty where it has none. */
  fileOf(scriptId: string): string {
    // Takes some ms, as it lists all scripts; so only for one that is not known yet.
    if (!this.#files.has(scriptId)) {
      this.#post("Debugger.enable");
      this.#post("Debugger.disable");
    }
    return this.#files.get(scriptId) ?? "";
  }

  /** Names a script that is known to the caller. */
  remember(scriptId: string, file: string): void {
    if (file) this.#files.set(scriptId, file);
  }

  #remoteId(value: object, objectGroup: string): string {
    this.#holder[KEY] = value;
    const { result } = this.#post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: 'globalThis[Symbol.for("tandem.inspected")]',
      objectGroup,
    });
    delete this.#holder[KEY];
    // A function or an object: it has an id.
    return result.objectId!;
  }

  /** The value behind the inspector's description of it. */
  #live(remote: Runtime.RemoteObject): unknown {
    if (remote.type === "undefined") return undefined;
    if (remote.objectId === undefined && remote.unserializableValue === undefined) return remote.value;
    this.#post("Runtime.callFunctionOn", {
      objectId: this.#receiver,
      functionDeclaration: "function (value) { this(value); }",
      arguments: [
        remote.objectId === undefined
          ? { unserializableValue: remote.unserializableValue }
          : { objectId: remote.objectId },
      ],
    });
    const value = this.#received;
    this.#received = undefined;
    return value;
  }

  #post<T = unknown>(method: string, params: object = {}): T {
    let answer: { error: Error | null; response: unknown } | undefined;
    this.#session.post(method, params, (error: Error | null, response?: object) => {
      answer = { error, response };
    });
    if (!answer || answer.error) throw answer?.error ?? new Error(`${method} did not answer.`);
    // Each method's answer has the type that the protocol gives it.
    return answer.response as T;
  }
}
