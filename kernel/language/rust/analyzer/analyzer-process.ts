import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  type CancellationToken,
  type ClientCapabilities,
  createProtocolConnection,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

/** What rust-analyzer is started with. */
export interface AnalyzerStart {
  readonly command: string;
  readonly folder: string;
  readonly capabilities: ClientCapabilities;
  /** Its configuration, asked for again when it is told that it changed. */
  settings(): object;
  ended(): void;
}

/** After so many ms without a word of a reload there is none. */
const SILENCE = 2000;

/** A running rust-analyzer, of this process alone. */
export class AnalyzerProcess {
  readonly #child: ChildProcess;
  readonly #connection: ProtocolConnection;
  #quiet = false;
  #alive = true;
  /** How often it has told whether it is quiet. */
  #told = 0;
  readonly #waiting = new Set<() => void>();
  /** What it is to be told once it has been introduced. */
  #later: (() => void)[] | undefined = [];

  constructor(start: AnalyzerStart) {
    this.#child = spawn(start.command, [], {
      cwd: start.folder,
      stdio: ["pipe", "pipe", "ignore"],
      // Nothing is fetched while somebody types.
      env: { ...process.env, CARGO_NET_OFFLINE: "true" },
      windowsHide: true,
    });
    const { stdin, stdout } = this.#child;
    if (!stdin || !stdout) throw new Error("rust-analyzer has no pipes.");
    this.#connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    const end = () => {
      if (!this.#alive) return;
      this.#alive = false;
      this.#wake();
      // Whoever waits for an answer is told that none comes.
      this.#connection.dispose();
      start.ended();
    };
    this.#child.once("exit", end).once("error", end);
    stdin.on("error", () => {});
    this.#connection.onError(() => {});
    this.#connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => start.settings()),
    );
    this.#connection.onRequest("client/registerCapability", () => null);
    this.#connection.onRequest("window/workDoneProgress/create", () => null);
    this.#connection.onNotification("experimental/serverStatus", ({ quiescent }: { quiescent: boolean }) => {
      this.#told++;
      this.#quiet = quiescent;
      this.#wake();
    });
    this.#connection.listen();
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it has read the crates, so that what it answers is whole. */
  get quiet(): boolean {
    return this.#alive && this.#quiet;
  }

  async initialize({ folder, capabilities, settings }: AnalyzerStart): Promise<InitializeResult> {
    const answer = await this.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "cells" }],
      capabilities,
      initializationOptions: settings(),
    });
    await this.#connection.sendNotification("initialized", {});
    const later = this.#later ?? [];
    this.#later = undefined;
    for (const tell of later) tell();
    // The protocol's answer to this request.
    return answer as InitializeResult;
  }

  async request(method: string, params: object, token?: CancellationToken): Promise<unknown> {
    return await this.#connection.sendRequest(method, params, token);
  }

  notify(method: string, params: object): void {
    const tell = () => {
      if (this.#alive) void this.#connection.sendNotification(method, params).catch(() => {});
    };
    if (this.#later) this.#later.push(tell);
    else tell();
  }

  /** Its crates are to be read anew: it is not quiet until it has told so, or has had nothing to tell for a while. */
  reloads(): void {
    this.#quiet = false;
    const told = this.#told;
    setTimeout(() => {
      if (this.#told !== told) return;
      this.#quiet = true;
      this.#wake();
    }, SILENCE).unref();
  }

  /** Resolves when it is quiet, has ended, or the request is called off. */
  async whenQuiet(token?: CancellationToken): Promise<boolean> {
    while (this.#alive && !this.#quiet && !token?.isCancellationRequested) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#waiting.delete(done);
          listening?.dispose();
          resolve();
        };
        this.#waiting.add(done);
        const listening = token?.onCancellationRequested(done);
      });
    }
    return this.quiet && !token?.isCancellationRequested;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}
