import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Dependency } from "../../../rust/dependencies.ts";
import type { EditedNotebook } from "../../cell-language.ts";
import type { RustCell } from "../rust-cells.ts";
import { mirrorOf } from "./mirror.ts";

/** Who is told of the mirror's documents. */
export interface MirrorListener {
  notify(method: string, params: object): void;
  /** The crates changed: they are to be read anew. */
  reloads(): void;
}

const MANIFEST = "Cargo.toml";

/** A notebook's crate on disk, whose texts are kept in step in rust-analyzer's memory. */
export class OpenMirror {
  readonly folder: string;
  readonly #tandem: string;
  readonly #listener: MirrorListener;
  readonly #numbers = new Map<string, number>();
  /** Texts and versions by path within the folder. */
  readonly #open = new Map<string, { text: string; version: number }>();
  #fileOf: ReadonlyMap<string, string> = new Map();
  notebook: EditedNotebook;
  hasCrates = false;
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

  constructor(folder: string, tandem: string, notebook: EditedNotebook, listener: MirrorListener) {
    this.folder = folder;
    this.#tandem = tandem;
    this.#listener = listener;
    this.notebook = notebook;
    mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
  }

  get manifest(): string {
    return join(this.folder, MANIFEST);
  }

  /** Brings the crate in step. `lock`: the text of a Cargo.lock with the crates' versions. */
  update(
    notebook: EditedNotebook,
    cells: readonly RustCell[],
    dependencies: readonly Dependency[],
    lock: string | undefined,
  ): void {
    this.hasCrates = dependencies.length > 0;
    if (lock !== undefined) writeFileSync(join(this.folder, "Cargo.lock"), lock);
    const numberOf = (cell: string) => {
      const number = this.#numbers.get(cell) ?? this.#numbers.size + 1;
      this.#numbers.set(cell, number);
      return number;
    };
    const { files, fileOf } = mirrorOf(notebook, cells, dependencies, numberOf, this.#tandem);
    this.#fileOf = fileOf;
    for (const [file, text] of files) this.#write(file, text);
    for (const file of this.#open.keys()) if (!files.has(file)) this.#remove(file);
  }

  /** The address of a cell's file. */
  uriOf(cell: string): string | undefined {
    const file = this.#fileOf.get(cell);
    return file === undefined ? undefined : this.#uri(file);
  }

  /** The cell of an address; `inside` where it is another file of the mirror. */
  cellOf(uri: string): string | "inside" | undefined {
    for (const [cell, file] of this.#fileOf) if (this.#uri(file) === uri) return cell;
    return uri.startsWith(`${pathToFileURL(this.folder).href}/`) ? "inside" : undefined;
  }

  close(): void {
    for (const file of [...this.#open.keys()]) this.#remove(file);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #uri(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  #write(file: string, text: string): void {
    const before = this.#open.get(file);
    if (before?.text === text) return;
    const version = (before?.version ?? 0) + 1;
    this.#open.set(file, { text, version });
    const uri = this.#uri(file);
    if (file === MANIFEST) {
      writeFileSync(join(this.folder, file), text);
      if (!before) return;
      this.#listener.reloads();
      this.#listener.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
      return;
    }
    if (before) {
      this.#listener.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
      return;
    }
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    // What is opened need not be on disk in its latest text, but cargo looks for the crate's root.
    writeFileSync(join(this.folder, file), text);
    this.#listener.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "rust", version, text },
    });
  }

  #remove(file: string): void {
    this.#open.delete(file);
    if (file === MANIFEST) return;
    const uri = this.#uri(file);
    rmSync(join(this.folder, file), { force: true });
    this.#listener.notify("textDocument/didClose", { textDocument: { uri } });
    this.#listener.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 3 }] });
  }
}
