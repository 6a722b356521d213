import { types } from "node:util";
import type { EngineContext } from "../../engine/part.ts";
import { isPlainData, partsOf, property } from "../values/immovable.ts";
import { describe, kindOf } from "../values/kind.ts";
import { findAlias } from "./aliases.ts";
import { ImportedNames } from "./imported.ts";
import type { FunctionFacts, FunctionInspector } from "./inspector.ts";
import { MakingOrder } from "./making-order.ts";
import { NotebookNames } from "./names.ts";
import type { ContainerNode, FunctionNode, ImportNode, Made, Node, ScopeNode, Slot } from "./nodes.ts";
import { captureError, type Problem, remedyFor } from "./problems.ts";
import { rustFunction } from "./rust.ts";
import { Scopes } from "./scopes.ts";
import { readSource, type SourceFacts, SUPER } from "./source.ts";

type AnyFunction = (...args: never[]) => unknown;

/** What a survey found: all that a function needs, in the order in which it can be made. */
export interface Survey {
  /** The functions that it was about. */
  readonly roots: readonly Node[];
  readonly made: readonly Made[];
  /** What the function changes in place, and each worker in a copy of its own: `list.push` of `list`. */
  readonly changes: readonly Change[];
  /** It uses a name that only workers have, by a set-up. */
  readonly usesSetUp: boolean;
}

export interface SurveyOptions {
  /** Where the first function stands, if that is known. */
  readonly file?: string | undefined;
  readonly inWorkers?: ((name: string) => boolean) | undefined;
}

/** A change to a captured value: its variable, and where and by what it is changed. */
export interface Change {
  readonly name: string;
  readonly by: string;
  readonly place: string;
}

const nothing: Slot = { primitive: undefined };

/**
 * Finds what functions use from outside, and how each of it can travel to a worker. Throws one error that names
 * everything that cannot. `inWorkers`: whether workers have a name of their own, by a set-up.
 */
export function survey(
  roots: readonly AnyFunction[],
  context: EngineContext,
  inspector: FunctionInspector,
  { file, inWorkers = () => false }: SurveyOptions = {},
): Survey {
  const surveyor = new Surveyor(new NotebookNames(context, inWorkers), context, inspector, file);
  const slots = roots.map((root) => surveyor.value(root, []));
  if (surveyor.problems.length > 0) throw captureError(surveyor.problems);
  const { made, changes, usesSetUp } = surveyor;
  return { roots: slots.flatMap((slot) => ("node" in slot ? [slot.node] : [])), made, changes, usesSetUp };
}

class Surveyor {
  readonly problems: Problem[] = [];
  readonly changes: Change[] = [];
  usesSetUp = false;
  readonly #names: NotebookNames;
  readonly #inspector: FunctionInspector;
  readonly #file: string | undefined;
  readonly #imported: ImportedNames;
  readonly #nodes = new Map<unknown, Node>();
  readonly #globals = new Map<string, Slot | undefined>();
  readonly #scopes = new Scopes();
  readonly #order = new MakingOrder();
  readonly #reported = new Set<string>();

  /** `file`: where the first function stands, if that is known. */
  constructor(
    names: NotebookNames,
    context: EngineContext,
    inspector: FunctionInspector,
    file: string | undefined,
  ) {
    this.#names = names;
    this.#inspector = inspector;
    this.#file = file;
    this.#imported = new ImportedNames(context);
  }

  /** What is to be made, in order. */
  get made(): readonly Made[] {
    return this.#order.made;
  }

  /** How a value travels. `path`: the names by which the parallel code reaches it. */
  value(value: unknown, path: readonly string[]): Slot {
    const kind = kindOf(value);
    if (kind === "primitive") return { primitive: value };
    const known = this.#nodes.get(value);
    if (known) return { node: known };
    if (types.isProxy(value)) return this.#problem(path, "is a Proxy", remedyFor("proxy"));
    if (kind === "function") return this.#function(value as AnyFunction, path);
    if (kind === "shared") return this.#add(value, { kind: "shared", buffer: value as SharedArrayBuffer });
    if (isPlainData(value)) return this.#add(value, { kind: "data", value });
    const found = this.#findElsewhere(value);
    if (found) return found;
    if (kind === "array" || kind === "object" || kind === "map" || kind === "set")
      return this.#container(value as object, kind, path);
    return this.#problem(path, `is ${describe(value, kind)}`, remedyFor(kind));
  }

  /** Whether a value is the language's, Node's, or a module's, which workers have too. */
  #findElsewhere(value: unknown): Slot | undefined {
    const alias = findAlias(value);
    if (alias) return this.#add(value, { kind: "alias", alias });
    const imported = this.#imported.find(value);
    return imported && this.#import(value, imported.of, imported.name);
  }

  #add(value: unknown, node: Node, slots: readonly Slot[] = []): Slot {
    this.#nodes.set(value, node);
    this.#order.push({ node }, slots);
    return { node };
  }

  #import(value: unknown, of: ImportNode, name: string | undefined): Slot {
    if (!this.#order.isReady(of)) this.#order.push({ node: of }, []);
    if (name !== undefined) return this.#add(value, { kind: "member", of, name });
    this.#nodes.set(value, of);
    return { node: of };
  }

  #container(value: object, type: ContainerNode["type"], path: readonly string[]): Slot {
    const node: ContainerNode = { kind: "container", value, type, entries: [] };
    const slot = this.#add(value, node);
    if (value instanceof Map) {
      for (const [key, part] of value)
        node.entries.push([
          this.value(key, at(path, ".keys()")),
          this.value(part, at(path, `.get(${String(key)})`)),
        ]);
    } else if (value instanceof Set) {
      for (const part of value) node.entries.push([nothing, this.value(part, at(path, ".values()"))]);
    } else {
      const keys = Object.keys(value);
      let i = 0;
      for (const [step, part] of partsOf(value))
        node.entries.push([
          { primitive: type === "array" ? i++ : keys[i++] },
          this.value(part, at(path, step)),
        ]);
    }
    this.#order.push({ fill: node }, node.entries.flat());
    return slot;
  }

  #function(fn: AnyFunction, path: readonly string[]): Slot {
    const rust = rustFunction(fn);
    if (rust) return this.#add(fn, { kind: "rust", from: rust });
    const facts = this.#inspector.facts(fn);
    if (path.length === 0 && facts.place && this.#file)
      this.#inspector.remember(facts.place.scriptId, this.#file);
    if (facts.bound) return this.#bound(fn, facts.bound, path);
    // A function that sees nothing but the notebook's scope is the notebook's own.
    const found = facts.place && facts.scopes.length === 0 ? undefined : this.#findElsewhere(fn);
    if (found) return found;
    const source = Function.prototype.toString.call(fn);
    if (!facts.place) {
      return this.#problem(
        path,
        "is a native function that no name leads to",
        "Call it inside a function of your own.",
      );
    }
    if (facts.scopes.length > 0 && this.#inspector.fileOf(facts.place.scriptId).startsWith("node:"))
      return this.#problem(path, "is a function inside Node", "Import the module that it comes from.");
    const read = readSource(source);
    const borrowed = read?.borrowed[0];
    if (!read || borrowed) {
      const what = borrowed
        ? `\`${borrowed}\` of the place where it was written`
        : "private members of its class";
      return this.#problem(
        path,
        `uses ${what}`,
        "Use its class or its object as a whole, or pass what it needs by a variable.",
      );
    }
    return this.#closure(fn, read, facts, path);
  }

  #closure(fn: AnyFunction, facts: SourceFacts, own: FunctionFacts, path: readonly string[]): Slot {
    const home = new Map<string, ScopeNode>();
    const base = facts.free.includes(SUPER) ? [{ [SUPER]: Object.getPrototypeOf(fn) as unknown }] : [];
    const chain = this.#scopes.chain([...base, ...own.scopes]);
    for (const name of facts.free) {
      const scope = chain.find(({ variables }) => Object.hasOwn(variables, name));
      if (scope) home.set(name, scope);
    }
    this.#names.prepare(facts.free.filter((name) => !home.has(name)));
    const node: FunctionNode = {
      kind: "function",
      source: facts.source,
      name: fn.name,
      facts,
      place: this.#place(facts, own.place),
      // The innermost of the scopes that it uses sees the others.
      scope: chain.find((scope) => [...home.values()].includes(scope)),
      globals: [],
      properties: [],
    };
    this.#nodes.set(fn, node);
    node.scope?.functions.push(node);
    for (const name of facts.free) {
      const scope = home.get(name);
      // A function's own state may change; the notebook's variables, and those around the parallel code, may not.
      const state = scope !== undefined && path.length > 0;
      if (facts.writes.has(name) && !state && (scope || !this.#names.isWorkers(name)))
        this.#written(name, node, path);
      else if (scope) this.#variable(scope, name, path);
      else this.#global(name, node, path);
      if (path.length === 0)
        this.#noteChange(name, node, scope ? scope.used.get(name) : this.#globals.get(name));
    }
    this.#order.push({ node }, []);
    this.#properties(fn, node, path);
    return { node };
  }

  /** Caches inside functions may well differ between workers; what the body itself changes is meant to be seen. */
  #noteChange(name: string, node: FunctionNode, slot: Slot | undefined): void {
    const mutation = node.facts.mutations.get(name);
    if (
      !mutation ||
      !slot ||
      !("node" in slot) ||
      !(slot.node.kind === "data" || slot.node.kind === "container")
    )
      return;
    const { value } = slot.node;
    if (ArrayBuffer.isView(value) && value.buffer instanceof SharedArrayBuffer) return;
    this.changes.push({ name, by: mutation.by, place: placeIn(node, mutation.offset) });
  }

  #written(name: string, node: FunctionNode, path: readonly string[]): void {
    this.#problem(
      [...path, name],
      "is assigned to, and each worker would change a copy of its own",
      "Return the value from the body, and combine the results after the run.",
      placeIn(node, node.facts.writes.get(name) ?? 0),
    );
  }

  #variable(scope: ScopeNode, name: string, path: readonly string[]): void {
    if (scope.used.has(name)) return;
    scope.used.set(name, undefined);
    const slot = this.value(scope.variables[name], [...path, name]);
    scope.used.set(name, slot);
    this.#order.push({ scope, variable: name, slot }, [slot]);
  }

  #global(name: string, node: FunctionNode, path: readonly string[]): void {
    node.globals.push(name);
    if (this.#globals.has(name)) return;
    this.#globals.set(name, undefined);
    const meaning = this.#names.meaning(name);
    if (meaning.is === "setUp") this.usesSetUp = true;
    if (meaning.is === "there" || meaning.is === "undeclared" || meaning.is === "setUp") return;
    if (meaning.is === "python") {
      this.#problem(
        [...path, name],
        "talks to the one Python interpreter of the notebook, and workers cannot",
        "Call Python before or after the parallel code, or loop in a %%python cell.",
      );
      return;
    }
    const slot =
      meaning.is === "import"
        ? this.#import(meaning.value, this.#imported.node(meaning.binding), undefined)
        : this.value(meaning.value, [...path, name]);
    this.#globals.set(name, slot);
    this.#order.push({ global: name, slot }, [slot]);
  }

  #properties(fn: AnyFunction, node: FunctionNode, path: readonly string[]): void {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(fn))) {
      if (!descriptor.enumerable || !("value" in descriptor)) continue;
      const { value } = descriptor as { value: unknown };
      // A class makes its static fields itself; of them only data can have changed since.
      if (node.facts.isClass && !isPlainData(value)) continue;
      node.properties.push([name, this.value(value, at(path, property(name)))]);
    }
    if (node.properties.length > 0)
      this.#order.push(
        { properties: node },
        node.properties.map(([, slot]) => slot),
      );
  }

  #bound(
    fn: AnyFunction,
    { target, self, args }: NonNullable<FunctionFacts["bound"]>,
    path: readonly string[],
  ): Slot {
    const slots = [target, self, ...args].map((part) => this.value(part, path));
    const [targetSlot = nothing, selfSlot = nothing, ...argSlots] = slots;
    return this.#add(fn, { kind: "bound", target: targetSlot, self: selfSlot, args: argSlots }, slots);
  }

  #place({ source, placeOffset }: SourceFacts, place: FunctionFacts["place"]): FunctionNode["place"] {
    if (!place) return { file: "", line: 0, column: 0 };
    const before = source.slice(0, placeOffset).split("\n");
    return {
      file: this.#inspector.fileOf(place.scriptId),
      line: place.line - (before.length - 1),
      column: before.length > 1 ? 0 : Math.max(0, place.column - placeOffset),
    };
  }

  #problem(path: readonly string[], what: string, remedy: string, place?: string): Slot {
    const name = path.at(-1) ?? "the function";
    const declared = place ?? this.#names.declaredAt(name);
    const key = `${name} ${what}`;
    if (!this.#reported.has(key)) this.problems.push({ name, what, path, place: declared, remedy });
    this.#reported.add(key);
    return nothing;
  }
}

/** The line of an offset in a function's source: `cell-7.ts:3`. */
function placeIn({ source, place }: FunctionNode, offset: number): string {
  return `${place.file}:${place.line + source.slice(0, offset).split("\n").length}`;
}

/** The path to a part of the last name on the way: `["f", "config"]` and `.db` make `["f", "config.db"]`. */
function at(path: readonly string[], step: string): string[] {
  return [...path.slice(0, -1), `${path.at(-1) ?? "it"}${step}`];
}
