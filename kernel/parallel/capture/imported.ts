import { pathToFileURL } from "node:url";
import type { ImportBinding } from "../../engine/engine.ts";
import type { EngineContext } from "../../engine/part.ts";
import { findRequired } from "./aliases.ts";
import type { ImportNode } from "./nodes.ts";

/** What the notebook imported, found by value: `const { join } = path` is an export of an import. */
export class ImportedNames {
  readonly #context: EngineContext;
  readonly #nodes = new Map<ImportBinding, ImportNode>();
  #byValue: Map<unknown, { of: ImportNode; name: string | undefined }> | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** The one node of a binding. */
  node(binding: ImportBinding): ImportNode {
    const node = this.#nodes.get(binding) ?? { kind: "import", binding };
    this.#nodes.set(binding, node);
    return node;
  }

  /** The import that is this function or module, or has it as its export `name`. */
  find(value: unknown): { of: ImportNode; name: string | undefined } | undefined {
    this.#byValue ??= this.#list();
    const found = this.#byValue.get(value);
    if (found) return found;
    const file = findRequired(value);
    if (file === undefined) return undefined;
    // The default export of a CommonJS module is what it exports.
    return {
      of: this.node({ local: "", specifier: pathToFileURL(file).href, imported: "default" }),
      name: undefined,
    };
  }

  #list(): Map<unknown, { of: ImportNode; name: string | undefined }> {
    const found = new Map<unknown, { of: ImportNode; name: string | undefined }>();
    for (const binding of this.#context.imports.values()) {
      const of = this.node(binding);
      let value: unknown;
      try {
        value = this.#context.read(binding.local);
      } catch {
        continue;
      }
      if ((typeof value !== "object" || value === null) && typeof value !== "function") continue;
      found.set(value, { of, name: undefined });
      if (typeof value === "function") continue;
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value)))
        if (typeof descriptor.value === "function" && !found.has(descriptor.value))
          found.set(descriptor.value, { of, name });
    }
    return found;
  }
}
