import type { ImportBinding } from "../../engine/engine.ts";
import type { EngineContext } from "../../engine/part.ts";
import { WORKER_NAMES } from "../protocol.ts";
import { isBuiltIn } from "./built-in.ts";

/** What a name of the notebook's scope is to a worker. */
export type Meaning =
  | { readonly is: "import"; readonly binding: ImportBinding; readonly value: unknown }
  /** The notebook's handle on Python. */
  | { readonly is: "python" }
  /** The worker has it already: of the language, of Node, or the kernel's. */
  | { readonly is: "there" }
  | { readonly is: "undeclared" }
  /** Each worker has one of its own, by a set-up. */
  | { readonly is: "setUp" }
  | { readonly is: "variable"; readonly value: unknown };

/** The names of the notebook's scope as they are now. */
export class NotebookNames {
  readonly #context: EngineContext;
  readonly #inWorkers: (name: string) => boolean;
  readonly #known = new Map<string, Meaning>();

  constructor(context: EngineContext, inWorkers: (name: string) => boolean) {
    this.#context = context;
    this.#inWorkers = inWorkers;
  }

  /** Looks up names at once: each reading of the scope costs some tens of µs, whatever it reads. */
  prepare(names: readonly string[]): void {
    const unknown = names.filter((name) => !this.#known.has(name));
    if (unknown.length === 0) return;
    const list = unknown.map((name) => `()=>${name}`).join(",");
    // A list of functions, as written here.
    const readers = this.#context.read(`[${list}]`) as (() => unknown)[];
    for (const [i, name] of unknown.entries()) this.#known.set(name, this.#meaning(name, readers[i]));
  }

  /** Where a name, or the variable that a part such as `a.b` is of, was declared: `cell-7.ts:2`. */
  declaredAt(name: string): string | undefined {
    return this.#context.declaredAt(/^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(name)?.[0] ?? "");
  }

  meaning(name: string): Meaning {
    this.prepare([name]);
    return this.#known.get(name) ?? { is: "undeclared" };
  }

  /** Whether a worker may write to it: it is the worker's own, or nobody's. */
  isWorkers(name: string): boolean {
    const { is } = this.meaning(name);
    return is === "undeclared" || is === "setUp";
  }

  #meaning(name: string, read: (() => unknown) | undefined): Meaning {
    if (this.#inWorkers(name)) return { is: "setUp" };
    let value: unknown;
    try {
      value = read?.();
    } catch {
      return { is: "undeclared" };
    }
    const binding = this.#context.imports.get(name);
    if (binding) return { is: "import", binding, value };
    const global = Object.getOwnPropertyDescriptor(globalThis, name);
    const isGlobal = global !== undefined && Object.is(Reflect.get(globalThis, name), value);
    if (isGlobal && name === "py") return { is: "python" };
    if (isGlobal && (isBuiltIn(name) || (WORKER_NAMES as readonly string[]).includes(name)))
      return { is: "there" };
    return { is: "variable", value };
  }
}
