import * as vscode from "vscode";
import type { OwnNotebooks } from "./own-notebooks.ts";

/** As extension/typescript-plugin/package.json and the manifest name it. */
const PLUGIN = "tandem-typescript-plugin";

/** The languages that VS Code's own TypeScript service takes for its own. */
export const judged: ReadonlySet<string> = new Set([
  "typescript",
  "javascript",
  "typescriptreact",
  "javascriptreact",
]);

/** What VS Code's built-in TypeScript extension offers to others: version 0 of its API. */
interface TypeScriptExtension {
  getAPI(version: 0): { configurePlugin(plugin: string, configuration: object): void } | undefined;
}

/**
 * Keeps VS Code's own TypeScript service away from notebooks that Tandem serves. It matters for those of other kernels,
 * whose cells stay in the language `typescript`. Where that service does not run, there is nobody to keep away.
 */
export class TypeScriptService implements vscode.Disposable {
  readonly #own: OwnNotebooks;
  readonly #listeners: vscode.Disposable[];
  #told = "[]";

  constructor(own: OwnNotebooks) {
    this.#own = own;
    this.#listeners = [
      own.onDidChange(() => void this.#tell()),
      vscode.workspace.onDidOpenTextDocument(({ languageId }) => {
        if (judged.has(languageId)) void this.#tell();
      }),
    ];
    void this.#tell();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  async #tell(): Promise<void> {
    const notebooks = this.#own.all
      .filter((notebook) => notebook.getCells().some(({ document }) => judged.has(document.languageId)))
      .map(({ uri }) => (uri.path.startsWith("/") ? uri.path : `/${uri.path}`));
    const told = JSON.stringify(notebooks);
    if (told === this.#told) return;
    this.#told = told;
    const extension = vscode.extensions.getExtension<TypeScriptExtension>(
      "vscode.typescript-language-features",
    );
    const api = (await extension?.activate())?.getAPI(0);
    api?.configurePlugin(PLUGIN, { notebooks });
  }
}
