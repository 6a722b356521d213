import type { FormattingOptions, TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { ourSettings } from "../connection.ts";
import { compilerPath } from "../executable.ts";
import { TypeScriptServer } from "../server.ts";
import { FolderProject } from "./folder-project.ts";
import { NotebookTypes } from "./notebook-types.ts";

export interface EditorTypesOptions {
  /** Where the server is started; absolute. */
  readonly folder: string;
  /** LSP's client capabilities of text documents. */
  readonly capabilities: object;
  /** The editor's settings, a value for each section. */
  readonly settings: (sections: readonly string[]) => Promise<unknown[]>;
  /** Whether a folder's own compiler may be started. */
  isTrusted(): boolean;
}

/** The parts of the editor's settings that the compiler's server knows. */
const SECTIONS = ["js/ts", "typescript", "javascript", "editor"];

/** The types of all open notebooks: one compiler for all whose folders have the same. */
export class EditorTypes {
  readonly #options: EditorTypesOptions;
  readonly #servers = new Map<string, TypeScriptServer>();
  readonly #projects = new Map<string, FolderProject>();
  #number = 0;
  /** One text at a time is in the document for it. */
  #formatting: Promise<unknown> = Promise.resolve();

  constructor(options: EditorTypesOptions) {
    this.#options = options;
  }

  /** Undefined where there is no compiler for this platform. */
  open(folder: string): NotebookTypes | undefined {
    const file = compilerPath(this.#options.isTrusted() ? folder : undefined);
    if (file === undefined) return undefined;
    const server = this.#server(file);
    const key = `${file}\n${folder}`;
    const project = this.#projects.get(key) ?? new FolderProject(server, folder);
    this.#projects.set(key, project);
    return new NotebookTypes(server, project, ++this.#number);
  }

  /**
   * What the compiler's formatter makes of a text that stands alone; `options` are LSP's. Undefined where there is no compiler.
   */
  async format(
    text: string,
    folder: string,
    jsx: boolean,
    options: FormattingOptions,
  ): Promise<string | undefined> {
    const file = compilerPath(this.#options.isTrusted() ? folder : undefined);
    if (file === undefined) return undefined;
    const server = this.#server(file);
    // Documents that stay: one that is opened or closed makes the server read all others anew.
    const name = jsx ? ".tandem-format.tsx" : ".tandem-format.ts";
    const edits = this.#formatting.then(() => {
      server.set(name, text);
      return server.ask<TextEdit[] | null>("formatting", name, { options });
    });
    this.#formatting = edits.catch(() => {});
    return TextDocument.applyEdits(TextDocument.create("", "", 0, text), (await edits) ?? []);
  }

  /** The editor's settings are others than before: the servers ask for none again, they are told of all. */
  async settingsChanged(): Promise<void> {
    const values = (await this.#options.settings(SECTIONS)).map(ourSettings);
    const settings = Object.fromEntries(SECTIONS.map((section, index) => [section, values[index]]));
    for (const server of this.#servers.values())
      server.notify("workspace/didChangeConfiguration", { settings });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
    this.#servers.clear();
    this.#projects.clear();
  }

  #server(file: string): TypeScriptServer {
    const { folder, capabilities, settings } = this.#options;
    const known = this.#servers.get(file);
    if (known) return known;
    const server = new TypeScriptServer(file, folder, { capabilities, settings });
    this.#servers.set(file, server);
    return server;
  }
}
