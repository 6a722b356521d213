import * as vscode from "vscode";
import { fail } from "../kernel/errors.ts";
import type { AfterCrash } from "./crashes.ts";
import type * as Client from "./language-client.ts";
import type { OwnNotebooks } from "./own-notebooks.ts";

const SHOW_LOG = "Show Log";
const RESTART = "Restart Language Server";

/**
 * The language server of the window, from the first notebook of ours on. Its client is a bundle of its own, so that
 * the extension starts without it.
 */
export class LanguageService implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #own: OwnNotebooks;
  readonly #listener: vscode.Disposable;
  #client: Promise<Client.CellClient | undefined> | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, own: OwnNotebooks) {
    this.#context = context;
    this.#log = log;
    this.#own = own;
    this.#listener = own.onDidChange(({ ours }) => {
      if (ours) this.#ensure();
    });
    if (own.all.length > 0) this.#ensure();
  }

  /** Ends the server, if one runs, and starts another. */
  async restart(): Promise<void> {
    const before = this.#client;
    this.#client = this.#start(before);
    await this.#client;
  }

  async stop(): Promise<void> {
    const client = await this.#client;
    this.#client = undefined;
    await client?.stop();
  }

  dispose(): void {
    this.#listener.dispose();
  }

  #ensure(): void {
    // Not at once: the extension is to be there first.
    this.#client ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#start());
  }

  /** Starts a server once the one `before` has ended; undefined where none starts, which is said. */
  async #start(before?: Promise<Client.CellClient | undefined>): Promise<Client.CellClient | undefined> {
    await (await before)?.stop();
    const bundle = this.#context.asAbsolutePath("dist/language-client.cjs");
    try {
      // The bundle is made of that very file.
      const { CellClient } = require(bundle) as typeof Client;
      const client = new CellClient({
        server: this.#context.asAbsolutePath("dist/language.cjs"),
        log: this.#log,
        own: this.#own,
        onCrash: (how, after) => void this.#say(how, after),
      });
      await client.start();
      return client;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void this.#offer(fail("languageServerNotStarted", reason).message);
      return undefined;
    }
  }

  async #say(how: string, after: AfterCrash): Promise<void> {
    if (after === "restart") return;
    if (after === "stop") return this.#offer(fail("languageServerGivenUp", how).message);
    const { message } = fail("languageServerEnded", how);
    if ((await vscode.window.showWarningMessage(message, SHOW_LOG)) === SHOW_LOG) this.#log.show();
  }

  async #offer(message: string): Promise<void> {
    const answer = await vscode.window.showErrorMessage(message, RESTART, SHOW_LOG);
    if (answer === RESTART) await this.restart();
    if (answer === SHOW_LOG) this.#log.show();
  }
}
