import type { ScopeNode } from "./nodes.ts";

type Variables = Readonly<Record<string, unknown>>;

/** The scopes that captured functions see, each once. */
export class Scopes {
  readonly #all: ScopeNode[] = [];

  /** The nodes of a function's scopes, innermost first like these. Functions of one call share their nodes. */
  chain(scopes: readonly Variables[]): ScopeNode[] {
    const chain: ScopeNode[] = [];
    for (const variables of [...scopes].reverse()) {
      const parent = chain[0];
      const same = this.#all.find(
        (scope) => scope.parent === parent && sameVariables(scope.variables, variables),
      );
      const scope = same ?? { parent, variables, used: new Map(), functions: [], children: [] };
      if (!same) {
        this.#all.push(scope);
        parent?.children.push(scope);
      }
      chain.unshift(scope);
    }
    return chain;
  }
}

/**
 * Whether two pictures of scopes show the same one: V8 gives no identity, so by all names and values. Two calls of
 * one factory with the same values in every variable are taken for one.
 */
function sameVariables(a: Variables, b: Variables): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && Object.is(a[name], b[name]))
  );
}
