import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EditedNotebook } from "../../cell-language.ts";
import type { RustCell } from "../rust-cells.ts";
import { mirrorOf, moduleFolder } from "./mirror.ts";
import type { MirrorCrate } from "./mirror-crate.ts";

/** A notebook's module, kept in step. */
export class OpenMirror {
  readonly module: string;
  readonly #numbers = new Map<string, number>();
  #crate: MirrorCrate | undefined;
  /** Paths within the crate, by cell and all. */
  #fileOf: ReadonlyMap<string, string> = new Map();
  #files: ReadonlySet<string> = new Set();
  notebook: EditedNotebook;
  /** Whether rust-analyzer has been seen to know it. */
  isKnown = false;
  /** How often it was looked whether it does. */
  looks = 0;
  /** What of the notebook it was made of last. */
  madeOf = "";
  /** Whether cells name crates that no run has built yet. */
  lacksCrates = false;
  /** Resolves when it is in step with the notebook. */
  ready: Promise<void> = Promise.resolve();

  constructor(module: string, notebook: EditedNotebook) {
    this.module = module;
    this.notebook = notebook;
  }

  /** Brings it in step, in this crate. */
  update(cells: readonly RustCell[], crate: MirrorCrate): void {
    if (this.#crate !== crate) {
      this.close();
      this.#crate = crate;
      this.isKnown = false;
      this.looks = 0;
    }
    const numberOf = (cell: string) => {
      const number = this.#numbers.get(cell) ?? this.#numbers.size + 1;
      this.#numbers.set(cell, number);
      return number;
    };
    const { files, fileOf } = mirrorOf(cells, numberOf);
    const path = (file: string) => join(moduleFolder(this.module), file);
    this.#fileOf = new Map([...fileOf].map(([cell, file]) => [cell, path(file)]));
    for (const [file, text] of files) crate.write(path(file), text);
    const now = new Set([...files.keys()].map(path));
    for (const file of this.#files) if (!now.has(file)) crate.remove(file);
    this.#files = now;
    crate.add(this.module);
  }

  /** The address of a cell's file. */
  uriOf(cell: string): string | undefined {
    const file = this.#fileOf.get(cell);
    return file === undefined ? undefined : this.#crate?.uri(file);
  }

  /** The cell of an address; `inside` where it is another file of the mirror. */
  cellOf(uri: string): string | "inside" | undefined {
    for (const cell of this.#fileOf.keys()) if (this.uriOf(cell) === uri) return cell;
    const folder = this.#crate && `${pathToFileURL(this.#crate.folder).href}/`;
    return folder !== undefined && uri.startsWith(folder) ? "inside" : undefined;
  }

  /** Takes it out of its crate. */
  close(): void {
    this.#crate?.drop(this.module);
    for (const file of this.#files) this.#crate?.remove(file);
    this.#files = new Set();
    this.#fileOf = new Map();
    this.#crate = undefined;
  }
}
