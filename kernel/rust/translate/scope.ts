import type { AnyNode, Node } from "acorn";
import type { Type } from "./types.ts";

/** What keeps a body from being translated. */
export class Untranslated extends Error {
  readonly offset: number;

  /** `what`: the construct, as a user knows it. */
  constructor(what: string, node: Node) {
    super(what);
    this.offset = node.start;
  }
}

/** A name of the body. */
export interface Variable {
  readonly type: Type;
  /** It is a reference in Rust: a parameter that is lent, an item of a loop. */
  readonly lent: boolean;
}

/** The function that is translated: it may call itself. */
export interface Self {
  readonly name: string;
  readonly parameters: readonly { readonly type: Type; readonly written: boolean }[];
  readonly result: Type;
}

/** The names that are known at a place of the body, and what all of it shares. */
export class Scope {
  readonly self: Self;
  readonly integers: ReadonlySet<string>;
  /** Names that are assigned to, or whose items are: `let mut`. */
  readonly changed: ReadonlySet<string>;
  /** The type written for a variable whose name ends at an offset. */
  readonly declared: (id: Node, name: string) => Type | undefined;
  readonly note: (text: string) => void;
  readonly #names = new Map<string, Variable>();
  readonly #above: Scope | undefined;

  constructor(from: Scope | Pick<Scope, "self" | "integers" | "changed" | "declared" | "note">) {
    this.self = from.self;
    this.integers = from.integers;
    this.changed = from.changed;
    this.declared = from.declared;
    this.note = from.note;
    this.#above = from instanceof Scope ? from : undefined;
  }

  find(name: string): Variable | undefined {
    return this.#names.get(name) ?? this.#above?.find(name);
  }

  declare(name: string, variable: Variable): void {
    this.#names.set(name, variable);
  }

  /** A place's variable; a name from outside of the function is not to be had in Rust. */
  get(node: AnyNode & { name: string }): Variable {
    const found = this.find(node.name);
    if (!found) throw new Untranslated(`the name ${node.name}, which is declared outside of it`, node);
    return found;
  }
}
