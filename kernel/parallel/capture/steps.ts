import { createHash } from "node:crypto";
import { fail } from "../../errors.ts";
import type { DataContent, Ref, Step } from "../protocol.ts";
import { encodeData, SharedMemory } from "../values/data.ts";
import type { FunctionNode, Made, Node, ScopeNode, Slot } from "./nodes.ts";
import { type LaidOut, layOut } from "./script.ts";
import { SharedCopies } from "./shared-copies.ts";
import type { Survey } from "./survey.ts";

/** Identities and copies that last from run to run. */
export class StepMemory {
  readonly copies = new SharedCopies();
  readonly #ids = new WeakMap<object, number>();
  #last = 0;

  /** A number for an object, the same as long as it lives. */
  id(object: object): number {
    const id = this.#ids.get(object) ?? ++this.#last;
    this.#ids.set(object, id);
    return id;
  }
}

/** The steps by which a worker builds what a survey found, and the keys of the functions it was about. */
export function stepsOf(
  { roots, made }: Survey,
  memory: StepMemory,
  { isolated = false }: StepOptions = {},
): { steps: readonly Step[]; roots: readonly string[] } {
  const maker = new StepMaker(made, memory, isolated);
  for (const each of made) maker.add(each);
  return { steps: maker.steps, roots: roots.map((root) => maker.key(root)) };
}

export interface StepOptions {
  /** For workers that are processes: they share no memory. */
  readonly isolated?: boolean;
}

interface ScriptPlace {
  readonly laidOut: LaidOut;
  readonly key: string;
}

class StepMaker {
  readonly steps: Step[] = [];
  readonly #memory: StepMemory;
  readonly #keys = new Map<Node, string>();
  readonly #scripts = new Map<FunctionNode | ScopeNode, ScriptPlace>();
  readonly #timesSeen = new Map<string, number>();
  readonly #globals = new Map<string, Slot>();

  readonly #isolated: boolean;
  readonly #made: readonly Made[];

  constructor(made: readonly Made[], memory: StepMemory, isolated: boolean) {
    this.#memory = memory;
    this.#isolated = isolated;
    this.#made = made;
    for (const each of made) if ("global" in each) this.#globals.set(each.global, each.slot);
  }

  add(made: Made): void {
    if ("global" in made) this.steps.push({ op: "global", name: made.global, value: this.#ref(made.slot) });
    else if ("variable" in made) {
      const { key, laidOut } = this.#script(made.scope);
      const scope = laidOut.scopes.indexOf(made.scope);
      this.steps.push({
        op: "variable",
        script: key,
        scope,
        name: made.variable,
        value: this.#ref(made.slot),
      });
    } else if ("fill" in made) {
      const entries = made.fill.entries.map(([key, value]) => [this.#ref(key), this.#ref(value)] as const);
      this.steps.push({ op: "fill", key: this.key(made.fill), entries });
    } else if ("properties" in made) {
      const entries = made.properties.properties.map(([name, slot]) => [name, this.#ref(slot)] as const);
      this.steps.push({ op: "properties", key: this.key(made.properties), entries });
    } else this.#node(made.node);
  }

  /** The name of a node's value in the worker: the same for the same content. */
  key(node: Node): string {
    const known = this.#keys.get(node);
    if (known !== undefined) return known;
    const key = this.#newKey(node);
    this.#keys.set(node, key);
    return key;
  }

  #newKey(node: Node): string {
    switch (node.kind) {
      case "function":
        return this.#functionKey(node);
      case "data":
        // Made together with its content, by #node, which comes before all that refers to it.
        throw new Error("Data is referred to before it is made.");
      case "shared":
        return `shared:${this.#memory.id(node.buffer)}`;
      case "container":
        return `container:${this.#memory.id(node.value)}`;
      case "import":
        // By the binding: an import that has run again may have found a changed module.
        return `import:${node.binding.specifier}:${node.binding.imported}:${this.#memory.id(node.binding)}`;
      case "alias":
        return `path:${JSON.stringify(node.alias)}`;
      case "member":
        return `${this.key(node.of)}.${node.name}`;
      case "bound":
        return `bound:${hash(
          JSON.stringify(
            [node.target, node.self, ...node.args].map((slot) => this.#ref(slot)),
            plain,
          ),
        )}`;
      case "rust":
        return `rust:${node.from.library}:${node.from.name}:${node.from.async}`;
    }
  }

  #functionKey(node: FunctionNode): string {
    const { key, laidOut } = this.#script(outermost(node));
    const own = `${key}/${laidOut.functions.indexOf(node)}`;
    if (!node.facts.isClass) return own;
    // Made anew when what it was made from has changed, its base class for instance.
    this.#keys.set(node, own);
    const used = node.facts.free.map((name) => {
      const slot = variableOf(node.scope, name) ?? this.#globals.get(name);
      return slot && this.#ref(slot);
    });
    return `${own}:${hash(JSON.stringify(used, plain))}`;
  }

  /** The script of a function or scope; the first to ask for it adds its step. */
  #script(of: FunctionNode | ScopeNode): ScriptPlace {
    const start = outermost(of);
    const known = this.#scripts.get(start);
    if (known) return known;
    const laidOut = layOut(start);
    const { script } = laidOut;
    const content = hash(`${script.file}\n${script.line}\n${script.text}`);
    // The same text twice: closures of two calls.
    const times = (this.#timesSeen.get(content) ?? 0) + 1;
    this.#timesSeen.set(content, times);
    const key = `script:${content}${times > 1 ? `#${times}` : ""}`;
    this.steps.push({ op: "script", key, script });
    const place = { laidOut, key };
    this.#scripts.set(start, place);
    return place;
  }

  #node(node: Node): void {
    if (node.kind === "data") {
      this.#data(node);
      return;
    }
    const key = this.key(node);
    switch (node.kind) {
      case "function": {
        const place = this.#script(outermost(node));
        const index = place.laidOut.functions.indexOf(node);
        this.steps.push({ op: "function", key, script: place.key, index, name: node.name });
        break;
      }
      case "shared":
        if (this.#isolated) throw this.#noSharing(node);
        this.steps.push({ op: "shared", key, buffer: node.buffer });
        break;
      case "container":
        this.steps.push({ op: "container", key, kind: node.type });
        break;
      case "import":
        this.steps.push({
          op: "import",
          key,
          specifier: node.binding.specifier,
          imported: node.binding.imported,
        });
        break;
      case "alias":
        this.steps.push({ op: "path", key, ...node.alias });
        break;
      case "member":
        this.steps.push({ op: "property", key, of: { key: this.key(node.of) }, name: node.name });
        break;
      case "bound": {
        const [target, self] = [this.#ref(node.target), this.#ref(node.self)];
        this.steps.push({ op: "bound", key, target, self, args: node.args.map((slot) => this.#ref(slot)) });
        break;
      }
      case "rust":
        this.steps.push({ op: "rust", key, from: node.from });
        break;
    }
  }

  #data(node: Extract<Node, { kind: "data" }>): void {
    const content = this.#encode(node);
    const shared = content.shared.map((buffer) => this.#memory.id(buffer)).join(",");
    const key = `data:${this.#memory.id(node.value as object)}:${hash(content.bytes)}:${shared}`;
    this.#keys.set(node, key);
    this.steps.push({ op: "data", key, content });
  }

  #encode(node: Extract<Node, { kind: "data" }>): DataContent {
    try {
      const share = this.#isolated ? undefined : (buffer: ArrayBuffer) => this.#memory.copies.of(buffer);
      return encodeData(node.value, share);
    } catch (error) {
      throw error instanceof SharedMemory ? this.#noSharing(node) : error;
    }
  }

  #noSharing(node: Node): Error {
    for (const made of this.#made) {
      const name = "global" in made ? made.global : "variable" in made ? made.variable : undefined;
      if (name !== undefined && "slot" in made && "node" in made.slot && made.slot.node === node)
        return fail("parallelNoSharing", name);
    }
    return fail("parallelNoSharing", "a value");
  }

  #ref(slot: Slot): Ref {
    return "node" in slot ? { key: this.key(slot.node) } : { value: slot.primitive };
  }
}

function outermost(of: FunctionNode | ScopeNode): FunctionNode | ScopeNode {
  let scope = "kind" in of ? of.scope : of;
  if (!scope) return of;
  while (scope.parent) scope = scope.parent;
  return scope;
}

function variableOf(scope: ScopeNode | undefined, name: string): Slot | undefined {
  for (let at = scope; at; at = at.parent) if (at.used.has(name)) return at.used.get(name);
  return undefined;
}

function hash(content: string | Uint8Array): string {
  return createHash("sha1").update(content).digest("base64url");
}

/** JSON has no BigInt. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
