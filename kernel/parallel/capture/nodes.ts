import type { ImportBinding } from "../../engine/engine.ts";
import type { RustFunction } from "../protocol.ts";
import type { Alias } from "./aliases.ts";
import type { SourceFacts } from "./source.ts";

/** What a survey finds: values that have to be made again in a worker, and how. */
export type Node =
  | FunctionNode
  | DataNode
  | SharedNode
  | ContainerNode
  | ImportNode
  | AliasNode
  | MemberNode
  | BoundNode
  | RustNode;

/** A primitive, or a node. */
export type Slot = { readonly primitive: unknown } | { readonly node: Node };

export interface FunctionNode {
  readonly kind: "function";
  readonly source: string;
  readonly name: string;
  readonly facts: SourceFacts;
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
  /** The scope that holds the variables it uses; undefined where it uses the notebook's names only. */
  readonly scope: ScopeNode | undefined;
  /** The notebook's names that it uses. */
  readonly globals: string[];
  readonly properties: [string, Slot][];
}

/** Variables that functions share: a call of the function around them, or a block. */
export interface ScopeNode {
  readonly parent: ScopeNode | undefined;
  /** V8's picture of it, taken at the time of the survey. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Those of the variables that are used. */
  readonly used: Map<string, Slot | undefined>;
  readonly functions: FunctionNode[];
  readonly children: ScopeNode[];
}

export interface DataNode {
  readonly kind: "data";
  readonly value: unknown;
}

export interface SharedNode {
  readonly kind: "shared";
  readonly buffer: SharedArrayBuffer;
}

/** An object, array, map or set with something in it that has to be made again. */
export interface ContainerNode {
  readonly kind: "container";
  readonly value: object;
  readonly type: "object" | "array" | "map" | "set";
  readonly entries: [Slot, Slot][];
}

export interface ImportNode {
  readonly kind: "import";
  readonly binding: ImportBinding;
}

export interface AliasNode {
  readonly kind: "alias";
  readonly alias: Alias;
}

/** An export of an import, under a name of its own: `const { join } = path`. */
export interface MemberNode {
  readonly kind: "member";
  readonly of: ImportNode;
  readonly name: string;
}

export interface BoundNode {
  readonly kind: "bound";
  target: Slot;
  self: Slot;
  args: Slot[];
}

export interface RustNode {
  readonly kind: "rust";
  readonly from: RustFunction;
}

/** In the order in which it can be made: a node, or a name that is given a value. */
export type Made =
  | { readonly node: Node }
  | { readonly global: string; readonly slot: Slot }
  | { readonly scope: ScopeNode; readonly variable: string; readonly slot: Slot }
  /** What a container holds, or a function has as properties of its own, is there by now. */
  | { readonly fill: ContainerNode }
  | { readonly properties: FunctionNode };
