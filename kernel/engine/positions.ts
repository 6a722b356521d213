import { originalPosition } from "../typescript/edits.ts";
import type { ModuleMap } from "./module-maps.ts";

/** Where code is not line for line what runs (enums, decorators, JSX): source maps by the names that stacks give it. */
export class Positions {
  readonly #maps = new Map<string, ReturnType<typeof originalPosition>>();
  readonly #arriving: () => Iterable<ModuleMap>;

  /** `arriving` gives the maps that came since it was asked last. */
  constructor(arriving: () => Iterable<ModuleMap>) {
    this.#arriving = arriving;
  }

  /** Sets what applies to a cell or a module from now on; `mappings` as in a standard source map. */
  set(name: string, mappings: string | undefined): void {
    if (mappings === undefined) this.#maps.delete(name);
    else this.#maps.set(name, originalPosition(mappings));
  }

  /** A position such as `cell-7.ts:2:9` as that of the source; undefined where a compiler put the code there. */
  original(position: string): string | undefined {
    const [, name = "", line, column] = /^(.*):(\d+):(\d+)$/.exec(position) ?? [];
    const map = this.#maps.get(name);
    if (!map) return position;
    const found = map(Number(line) - 1, Number(column) - 1);
    return found && `${name}:${found[0] + 1}:${found[1] + 1}`;
  }

  /** A stack as V8 writes it, with the positions of the source, and without what a compiler calls for itself. */
  inStack(stack: string): string {
    for (const { name, mappings } of this.#arriving()) this.set(name, mappings);
    if (this.#maps.size === 0) return stack;
    return stack.replace(
      /(\n *at (?:.* \()?(?:async )?)([^()\n]+:\d+:\d+)(\)?)(?=\n|$)/g,
      (_, before: string, position: string, after: string) => {
        const original = this.original(position);
        return original === undefined ? "" : before + original + after;
      },
    );
  }
}
