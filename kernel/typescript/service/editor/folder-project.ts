import { join } from "node:path";
import { ambientTypes } from "../../ambient.ts";
import type { CompletionItem } from "../completion.ts";
import { configText } from "../config.ts";
import { nodeTypesPath } from "../executable.ts";
import type { TypeScriptServer } from "../server.ts";
import { WatchedFiles } from "../watched-files.ts";

const AMBIENT = ".tandem-ambient.d.ts";
/** A text that asks which names there are. */
const PROBE = ".tandem-probe.ts";

/** The folder's own modules, whose exports are offered before any cell imports them. */
const MODULES = ["*.ts", "*.tsx", "*.mts"];

type Item = CompletionItem & { readonly data?: { readonly autoImport?: unknown } };

/** What the server sees of a folder: its options, and the documents of the notebooks in it that are open. */
export class FolderProject {
  readonly folder: string;
  readonly #server: TypeScriptServer;
  readonly #files = new Set<string>();
  readonly #watched: WatchedFiles;
  #globals: Promise<ReadonlySet<string>> | undefined;

  constructor(server: TypeScriptServer, folder: string) {
    this.#server = server;
    this.folder = folder;
    this.#watched = new WatchedFiles(folder);
  }

  /** The name by which the server has a document of the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Sets a document that belongs to the project for itself, and not only since another imports it. */
  setFile(name: string, text: string): void {
    const known = this.#files.has(name);
    this.#files.add(name);
    if (!known) this.#configure();
    this.#server.set(this.path(name), text);
  }

  removeFile(name: string): void {
    if (!this.#files.delete(name)) return;
    this.#configure();
    this.#server.remove(this.path(name));
  }

  /** Tells the server of files on disk which the text imports, or which texts before did, where they have changed; whether any has. */
  look(text: string): boolean {
    const changes = this.#watched.changesFor(text);
    this.#server.filesChanged(changes);
    return changes.length > 0;
  }

  /** The names that are there without any cell: as values, and as types. */
  globals(): Promise<ReadonlySet<string>> {
    this.#globals ??= this.#askGlobals().catch((error: unknown) => {
      this.#globals = undefined;
      throw error;
    });
    return this.#globals;
  }

  async #askGlobals(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    for (const text of ["\n", "let x:  ;"]) {
      this.#server.set(this.path(PROBE), text);
      const position = { line: 0, character: text.length > 1 ? 7 : 0 };
      const answer = await this.#server.ask<{ items: Item[] } | null>("completion", this.path(PROBE), {
        position,
      });
      // What could be imported is no global.
      for (const { label, data } of answer?.items ?? []) if (!data?.autoImport) names.add(label);
    }
    return names;
  }

  #configure(): void {
    const nodeTypes = nodeTypesPath(this.folder);
    const files = [AMBIENT, PROBE, ...this.#files];
    this.#server.set(this.path(AMBIENT), ambientTypes);
    this.#server.set(this.path(PROBE), "");
    this.#server.set(
      this.path("tsconfig.json"),
      configText(this.folder, nodeTypes === undefined ? files : [nodeTypes, ...files], MODULES),
    );
  }
}
