import { join } from "node:path";
import type { EngineContext, EnginePart } from "./part.ts";
import { partGlobals } from "./part-globals.ts";

/** The engine's parts, loaded from their own bundle on first use. */
export class PartLoader {
  readonly #bundle: string;
  readonly #require: NodeJS.Require;
  readonly #context: EngineContext;
  #parts: Readonly<Record<string, EnginePart>> | undefined;
  readonly #globals = new Map<string, Record<string, unknown>>();

  /** `folder` holds the bundles. */
  constructor(folder: string, context: EngineContext) {
    this.#bundle = join(folder, "parts.cjs");
    this.#require = require;
    this.#context = context;
  }

  /** Puts the parts' names on globalThis; the first use of one loads its part. A cell may declare the name itself. */
  installGlobals(): void {
    for (const [part, names] of Object.entries(partGlobals)) {
      for (const name of names) {
        Object.defineProperty(globalThis, name, {
          configurable: true,
          enumerable: false,
          get: () => this.#global(part, name),
          set: (value) =>
            Object.defineProperty(globalThis, name, {
              value,
              writable: true,
              configurable: true,
              enumerable: true,
            }),
        });
      }
    }
  }

  /** Answers a method such as `rust.load`. */
  async call(method: string, params: unknown): Promise<unknown> {
    const [part = "", name = ""] = method.split(".", 2);
    const handler = this.#part(part).handlers?.[name];
    if (!handler) throw new Error(`The engine has no method ${method}.`);
    // The caller is the part's own kernel side: it sends what its handler takes.
    return await handler(params as never, this.#context);
  }

  #global(part: string, name: string): unknown {
    const globals = this.#globals.get(part) ?? this.#part(part).globals?.(this.#context) ?? {};
    this.#globals.set(part, globals);
    return globals[name];
  }

  #part(name: string): EnginePart {
    // That is what parts.ts exports, of which the bundle is made.
    this.#parts ??= (this.#require(this.#bundle) as { parts: Record<string, EnginePart> }).parts;
    const part = this.#parts[name];
    if (!part) throw new Error(`The engine has no part ${name}.`);
    return part;
  }
}
