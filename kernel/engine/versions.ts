import { statSync } from "node:fs";

interface LocalModule {
  /** Size and time of the file when it was last looked at. */
  stamp: string;
  version: number;
  readonly imports: Set<string>;
}

/**
 * Versions of the local modules, by path. Node loads a URL once for good; a file that was edited since, or that
 * imports one, gets a new version, which stands in its URL, so that importing it again runs the new text.
 */
export class ModuleVersions {
  readonly #modules = new Map<string, LocalModule>();
  readonly #first: number;

  /** `first`: the version of what was not loaded before. */
  constructor(first = 0) {
    this.#first = first;
  }

  /** The version of a file for an import by a cell: looks whether it or what it imports has changed. */
  refresh(path: string): number {
    const reached = this.#reachedFrom(path);
    const changed = new Set(reached.filter((one) => stampOf(one) !== this.#module(one).stamp));
    // What imports a changed module has changed, too; modules may import each other in circles.
    for (let before = -1; before !== changed.size; ) {
      before = changed.size;
      for (const one of reached)
        if ([...this.#module(one).imports].some((two) => changed.has(two))) changed.add(one);
    }
    for (const one of changed) {
      const module = this.#module(one);
      module.stamp = stampOf(one);
      module.version++;
      module.imports.clear();
    }
    return this.current(path);
  }

  /** The version of a file for an import by another module, in the course of an import by a cell. */
  current(path: string): number {
    return this.#module(path).version;
  }

  /** Takes note that a module imports another. */
  connect(importer: string, imported: string): void {
    this.#module(importer).imports.add(imported);
  }

  /** A module and all that it imports, and they import. */
  #reachedFrom(path: string): string[] {
    const reached = new Set([path]);
    // A set is walked with what is added on the way.
    for (const one of reached) for (const imported of this.#module(one).imports) reached.add(imported);
    return [...reached];
  }

  #module(path: string): LocalModule {
    const known = this.#modules.get(path);
    if (known) return known;
    const module = { stamp: stampOf(path), version: this.#first, imports: new Set<string>() };
    this.#modules.set(path, module);
    return module;
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.size} ${stat.mtimeMs}` : "";
}
