import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Dependency, manifestLine } from "../../../rust/dependencies.ts";

/** Who is told of documents: rust-analyzer. */
export interface MirrorListener {
  notify(method: string, params: object): void;
}

/**
 * A crate on disk, in rust-analyzer's memory in its latest texts. All notebooks whose cells have the same crates are modules of one:
 * another notebook is then an edit, where another crate would have all of them read anew.
 */
export class MirrorCrate {
  readonly folder: string;
  readonly hasCrates: boolean;
  readonly #listener: MirrorListener;
  /** Texts and versions by path within the folder. */
  readonly #open = new Map<string, { text: string; version: number }>();
  readonly #modules = new Set<string>();

  /** `tandem`: the folder of the crate that every cell has; `lock`: the text of a Cargo.lock with the crates' versions. */
  constructor(
    folder: string,
    tandem: string,
    dependencies: readonly Dependency[],
    lock: string | undefined,
    listener: MirrorListener,
  ) {
    this.folder = folder;
    this.hasCrates = dependencies.length > 0;
    this.#listener = listener;
    mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
    const lines = dependencies.map(manifestLine).join("");
    writeFileSync(
      this.manifest,
      `[package]\nname = "notebook"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n` +
        `tandem = { path = ${JSON.stringify(tandem)} }\n${lines}\n[workspace]\n`,
    );
    if (lock !== undefined) writeFileSync(join(folder, "Cargo.lock"), lock);
    this.#writeRoot();
  }

  get manifest(): string {
    return join(this.folder, "Cargo.toml");
  }

  uri(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  add(module: string): void {
    this.#modules.add(module);
    this.#writeRoot();
  }

  drop(module: string): void {
    this.#modules.delete(module);
    this.#writeRoot();
  }

  /** Only what changes is told. */
  write(file: string, text: string): void {
    const before = this.#open.get(file);
    if (before?.text === text) return;
    const version = (before?.version ?? 0) + 1;
    this.#open.set(file, { text, version });
    const uri = this.uri(file);
    if (before) {
      this.#listener.notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
      return;
    }
    // What is open need not be on disk in its latest text, but cargo looks for the crate's root.
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    this.#listener.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "rust", version, text },
    });
  }

  remove(file: string): void {
    this.#open.delete(file);
    rmSync(join(this.folder, file), { force: true });
    // It then looks for what is on disk.
    this.#listener.notify("textDocument/didClose", { textDocument: { uri: this.uri(file) } });
  }

  #writeRoot(): void {
    const modules = [...this.#modules].map((module) => `pub mod ${module};\n`);
    this.write(join("src", "lib.rs"), `#![allow(unused_imports)]\n${modules.join("")}`);
  }
}
