import { createRequire } from "node:module";
import { Script as VmScript } from "node:vm";
import type { Importer } from "../../engine/importer.ts";
import { loadLibrary, type RustCallable } from "../../rust/load.ts";
import type { Ref, RustFunction, Script, Step } from "../protocol.ts";
import { decodeData } from "../values/data.ts";

/** What the builder needs of the worker it lives in. */
export interface Surroundings {
  importModule: Importer["load"];
}

/** A script's functions, made on first use, and the setters of the variables they share. */
interface Compiled {
  readonly make: (() => unknown)[];
  readonly set: Record<string, (value: unknown) => void>[];
  /** The method, getter or setter that stands alone in an object literal. */
  member(object: object): unknown;
}

/** Builds the surroundings of functions from steps, and keeps what it made for later runs. */
export class Builder {
  readonly #surroundings: Surroundings;
  readonly #values = new Map<string, unknown>();
  readonly #scripts = new Map<string, Compiled>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async carryOut(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if ("key" in step && this.#has(step)) continue;
      const pending = this.#carryOut(step);
      if (pending) await pending;
    }
  }

  /** The value that a step made. */
  value(key: string): unknown {
    return this.#values.get(key);
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#values.delete(key);
  }

  #rust({ library, name, file, bigAsNumber, async }: RustFunction): unknown {
    const value = loadLibrary(library, file, bigAsNumber).byPath.get(name);
    // `.async` is there on functions alone, and only they are told as async.
    return async ? (value as RustCallable).async : value;
  }

  #has(step: Extract<Step, { key: string }>): boolean {
    if (step.op === "script") return this.#scripts.has(step.key);
    // Filled and given properties each time: what they hold may have another version.
    if (step.op === "fill" || step.op === "properties") return false;
    return this.#values.has(step.key);
  }

  #carryOut(step: Step): Promise<void> | undefined {
    const values = this.#values;
    switch (step.op) {
      case "data":
        if (step.content) values.set(step.key, decodeData(step.content));
        return;
      case "shared":
        values.set(step.key, step.buffer);
        return;
      case "import":
        return this.#import(step.specifier, step.imported).then((value) => void values.set(step.key, value));
      case "path":
        values.set(step.key, follow(step));
        return;
      case "property":
        values.set(step.key, Reflect.get(Object(this.#ref(step.of)), step.name));
        return;
      case "rust":
        values.set(step.key, this.#rust(step.from));
        return;
      case "container":
        values.set(step.key, emptyContainer(step.kind));
        return;
      case "fill":
        fill(
          values.get(step.key),
          step.entries.map(([key, value]) => [this.#ref(key), this.#ref(value)]),
        );
        return;
      case "script":
        if (step.script) this.#scripts.set(step.key, compile(step.script));
        return;
      case "variable":
        this.#script(step.script).set[step.scope]?.[step.name]?.(this.#ref(step.value));
        return;
      case "function": {
        const made = this.#script(step.script).make[step.index]?.();
        values.set(step.key, named(made, step.name));
        return;
      }
      case "properties": {
        // Steps give properties to functions only.
        const owner = values.get(step.key) as object;
        for (const [name, value] of step.entries) Reflect.set(owner, name, this.#ref(value));
        return;
      }
      case "bound": {
        // Steps bind functions only.
        const target = this.#ref(step.target) as (...args: unknown[]) => unknown;
        values.set(step.key, target.bind(this.#ref(step.self), ...step.args.map((arg) => this.#ref(arg))));
        return;
      }
      case "global":
        setGlobal(step.name, this.#ref(step.value));
        return;
    }
  }

  #ref(ref: Ref): unknown {
    return "key" in ref ? this.#values.get(ref.key) : ref.value;
  }

  #script(key: string): Compiled {
    const script = this.#scripts.get(key);
    if (!script) throw new Error(`The worker has no script ${key}.`);
    return script;
  }

  async #import(specifier: string, imported: string): Promise<unknown> {
    const names = imported === "*" ? undefined : [imported];
    // A namespace has the imported names: the importer saw to it.
    const namespace = (await this.#surroundings.importModule(specifier, undefined, names)) as Record<
      string,
      unknown
    >;
    return imported === "*" ? namespace : namespace[imported];
  }
}

/** Compiles a script at its true lines, so that stacks name the cell's. */
function compile({ text, file, line }: Script): Compiled {
  const compiled: Compiled = { make: [], set: [], member };
  const run = new VmScript(text, { filename: file, lineOffset: line }).runInThisContext() as (
    target: Compiled,
  ) => void;
  run(compiled);
  return compiled;
}

function member(object: object): unknown {
  const [descriptor] = Object.values(Object.getOwnPropertyDescriptors(object));
  return descriptor?.get ?? descriptor?.set ?? descriptor?.value;
}

const builtIn = createRequire(__filename);

function follow({ module, path }: Extract<Step, { op: "path" }>): unknown {
  // A built-in module is a CommonJS module; its exports are an object.
  let value: unknown = module === undefined ? globalThis : builtIn(module);
  for (const name of path) {
    const key = typeof name === "string" ? name : (Reflect.get(Symbol, name.symbol) as symbol);
    const owner = value;
    value = Reflect.get(Object(owner), key);
  }
  return value;
}

function emptyContainer(kind: Extract<Step, { op: "container" }>["kind"]): unknown {
  if (kind === "array") return [];
  if (kind === "map") return new Map();
  return kind === "set" ? new Set() : {};
}

function fill(container: unknown, entries: readonly (readonly [unknown, unknown])[]): void {
  if (container instanceof Map) {
    container.clear();
    for (const [key, value] of entries) container.set(key, value);
  } else if (container instanceof Set) {
    container.clear();
    for (const [, value] of entries) container.add(value);
  } else if (Array.isArray(container)) {
    container.length = 0;
    for (const [index, value] of entries) container[Number(index)] = value;
  } else {
    for (const [key, value] of entries) Reflect.set(Object(container), String(key), value);
  }
}

/** Functions and classes keep the names by which stacks and errors tell them. */
function named(made: unknown, name: string): unknown {
  if (
    typeof made === "function" &&
    name &&
    made.name !== name &&
    !Object.hasOwn(made.prototype ?? {}, "name")
  )
    Object.defineProperty(made, "name", { value: name, configurable: true });
  return made;
}

function setGlobal(name: string, value: unknown): void {
  // V8 treats a global that never changes as a constant.
  if (Object.hasOwn(globalThis, name) && Object.is(Reflect.get(globalThis, name), value)) return;
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
