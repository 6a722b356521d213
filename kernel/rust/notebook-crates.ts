import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../cells/cell.ts";
import type { Part, Session } from "../cells/session.ts";
import { buildCrates, type Crates } from "./crates.ts";
import { showBuild } from "./crates-progress.ts";
import { type Dependency, joined } from "./dependencies.ts";
import type { Toolchain } from "./toolchain.ts";

/** The crates that `%cargo add` added to the notebook. */
export interface NotebookCrates extends Part {
  add(dependency: Dependency): void;
  /** All that cells named so far, and all that was added. */
  all(): Dependency[];
  /** What a cell is compiled with: what it names itself, and all that was added where it uses some of that. */
  wanted(own: readonly Dependency[], used: readonly string[]): Dependency[];
  /** Builds them, with a progress bar in the cell where that takes time. */
  build(dependencies: readonly Dependency[], toolchain: Toolchain, cell: Cell): Promise<Crates>;
}

export function notebookCrates(session: Pick<Session, "folder">): NotebookCrates {
  const added = new Map<string, Dependency>();
  const named = new Map<string, Dependency>();
  return {
    all: () => joined([...named.values()], [...added.values()]),
    add(dependency) {
      added.set(dependency.name, dependency);
    },
    wanted(own, used) {
      const some = [...added.keys()].some((name) => used.includes(name.replaceAll("-", "_")));
      // One set for all cells: they share one library, and what is there once in it.
      return some ? joined([...added.values()], own) : joined(own);
    },
    async build(dependencies, toolchain, cell) {
      const bar = showBuild(cell.output);
      try {
        const crates = await buildCrates(
          { dependencies, lock: lockOf(session.folder), say: bar.step },
          toolchain,
          cell.signal,
        );
        for (const one of dependencies) named.set(one.name, one);
        bar.end(true);
        return crates;
      } catch (error) {
        bar.end(false);
        throw error;
      }
    },
    async close() {},
  };
}

/** The text of the Cargo.lock beside the notebook. */
export function lockOf(folder: string): string | undefined {
  const file = join(folder, "Cargo.lock");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
