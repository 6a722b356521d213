import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type SemanticTokensLegend,
} from "vscode-languageserver";
import { TandemError } from "../../../errors.ts";
import { preludeSources } from "../../../rust/addon.ts";
import { cacheFolder } from "../../../rust/cache.ts";
import { cratesFolder } from "../../../rust/crates.ts";
import { type Dependency, joined } from "../../../rust/dependencies.ts";
import { lockOf } from "../../../rust/notebook-crates.ts";
import type { Toolchain } from "../../../rust/toolchain.ts";
import type { CellRequest, EditedNotebook, LanguageHost } from "../../cell-language.ts";
import { builtCrates, type RustCell, rustCells, rustOf } from "../rust-cells.ts";
import { AnalyzerProcess, type AnalyzerStart } from "./analyzer-process.ts";
import { analyzerCapabilities, analyzerSettings } from "./capabilities.ts";
import { findAnalyzer } from "./find-analyzer.ts";
import { MirrorCrate } from "./mirror-crate.ts";
import { OpenMirror } from "./open-mirror.ts";

/** After so many deaths it is not started again. */
const DEATHS = 3;
/** So often it is looked, ten times in a second, whether it knows a crate. */
const LOOKS = 100;
/** How often a question is asked again whose answer an edit has overtaken. */
const TRIES = 3;

/** What rust-analyzer answered of a cell, with what tells its files. */
export interface Answer<T> {
  readonly result: T;
  readonly mirror: OpenMirror;
}

interface Running {
  readonly process: AnalyzerProcess;
  readonly mirrors: Map<string, OpenMirror>;
  readonly folder: string;
  readonly toolchain: Toolchain;
  /** By the crates that their cells have. */
  readonly crates: Map<string, MirrorCrate>;
}

/** The rust-analyzer of this server: started by the first question about a Rust cell, started again where it dies. */
export class RustAnalyzer {
  readonly #host: LanguageHost;
  readonly #toolchain: () => Promise<Toolchain>;
  #running: Running | undefined;
  #starting: Promise<Running | undefined> | undefined;
  #legend: SemanticTokensLegend = { tokenTypes: [], tokenModifiers: [] };
  /** Why there is none; told once. */
  #missing: string | undefined;
  #deaths = 0;
  /** How many notebooks had a module. */
  #opened = 0;
  /** Crates that were found built: what is built stays. */
  readonly #built = new Set<string>();

  constructor(host: LanguageHost, toolchain: () => Promise<Toolchain>) {
    this.#host = host;
    this.#toolchain = toolchain;
  }

  get legend(): SemanticTokensLegend {
    return this.#legend;
  }

  /** Why questions get no answer, once one was asked. */
  get missing(): string | undefined {
    return this.#missing;
  }

  /** Whether it answers at once. */
  isQuiet({ notebook }: CellRequest): boolean {
    return this.#running?.process.quiet === true && this.#running.mirrors.get(notebook.uri)?.isKnown === true;
  }

  changed(notebook: EditedNotebook): void {
    const mirror = this.#running?.mirrors.get(notebook.uri);
    if (!mirror || !this.#running) return;
    // After a run the crates may be there.
    if (mirror.lacksCrates || mirror.madeOf !== rustOf(notebook))
      this.#update(mirror, notebook, this.#running);
  }

  closed({ uri }: EditedNotebook): void {
    const mirror = this.#running?.mirrors.get(uri);
    if (!mirror || !this.#running) return;
    this.#running.mirrors.delete(uri);
    mirror.close();
  }

  /**
   * Asks about a cell's document; undefined where there is no rust-analyzer, the request is called off, or it has no answer.
   * The caller knows the answer's shape from the protocol.
   */
  async ask<T>(method: string, of: CellRequest, params: object = {}): Promise<Answer<T> | undefined> {
    const running = await this.#start(of.notebook);
    if (!running) return undefined;
    const mirror = this.#open(of.notebook, running);
    await mirror.ready;
    const uri = mirror.uriOf(of.cell.uri);
    if (uri === undefined || !(await this.#isKnown(mirror, uri, running, of.token))) return undefined;
    const result = await this.#request(running, method, { textDocument: { uri }, ...params }, of.token);
    return result === undefined || result === null ? undefined : { result: result as T, mirror };
  }

  /** Completes what it answered before (`completionItem/resolve`, `codeAction/resolve`); `cell`: whose it is. */
  async resolve<T>(
    method: string,
    cell: string,
    item: T,
    token: CancellationToken,
  ): Promise<Answer<T> | undefined> {
    const running = this.#running;
    const mirror = [...(running?.mirrors.values() ?? [])].find((one) => one.uriOf(cell) !== undefined);
    if (!running || !mirror) return undefined;
    const result = await this.#request(running, method, item as object, token);
    return result === undefined || result === null ? undefined : { result: result as T, mirror };
  }

  /** Waits until rust-analyzer has read the notebook's crate: before, its answers would be half ones. */
  async #isKnown(
    mirror: OpenMirror,
    uri: string,
    { process: analyzer }: Running,
    token: CancellationToken,
  ): Promise<boolean> {
    while (await analyzer.whenQuiet(token)) {
      if (mirror.isKnown) return true;
      // The module that declares a cell's is known once the crate is.
      const place = { textDocument: { uri }, position: { line: 0, character: 0 } };
      const parents = await analyzer.request("experimental/parentModule", place, token).catch(() => []);
      // Where it cannot read the crate it still knows the cell's own text.
      mirror.isKnown = (Array.isArray(parents) && parents.length > 0) || ++mirror.looks > LOOKS;
      if (!mirror.isKnown) await setTimeout(100);
    }
    return false;
  }

  async #request(
    { process }: Running,
    method: string,
    params: object,
    token: CancellationToken,
  ): Promise<unknown> {
    for (let tries = 1; ; tries++) {
      try {
        return await process.request(method, params, token);
      } catch (error) {
        if (!process.alive || token.isCancellationRequested) return undefined;
        if (!(error instanceof ResponseError)) throw error;
        const overtaken: number[] = [LSPErrorCodes.ContentModified, LSPErrorCodes.ServerCancelled];
        if (overtaken.includes(error.code) && tries < TRIES) continue;
        // It says so of a name that cannot be changed; whoever asked is to hear it.
        if (/rename/i.test(method)) throw new ResponseError(error.code, error.message);
        return undefined;
      }
    }
  }

  #start(notebook: EditedNotebook): Promise<Running | undefined> {
    if (!this.#host.isTrusted || this.#deaths >= DEATHS) return Promise.resolve(undefined);
    if (this.#running) return Promise.resolve(this.#running);
    this.#starting ??= this.#launch(notebook).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #launch(notebook: EditedNotebook): Promise<Running | undefined> {
    // Looked for once: it may be installed later, but then the window is opened anew.
    if (this.#missing !== undefined) return undefined;
    let toolchain: Toolchain;
    try {
      toolchain = await this.#toolchain();
    } catch (error) {
      if (!(error instanceof TandemError)) throw error;
      return undefined;
    }
    const command = await findAnalyzer(this.#host.options.rustAnalyzer);
    if (command === undefined) {
      this.#missing =
        "rust-analyzer is not here: install it with `rustup component add rust-analyzer rust-src`.";
      this.#host.log(`Rust cells are without completion, hover and definitions. ${this.#missing}`);
      return undefined;
    }
    const folder = join(cacheFolder("editor"), `mirror-${process.pid}`);
    rmSync(folder, { recursive: true, force: true });
    writeTandem(join(folder, "tandem"));
    const start: AnalyzerStart = {
      command,
      folder,
      capabilities: analyzerCapabilities(this.#host.capabilities),
      settings: () => settingsOf(running),
      ended: () => this.#ended(running),
    };
    const analyzer = new AnalyzerProcess(start);
    const running: Running = { process: analyzer, mirrors: new Map(), crates: new Map(), folder, toolchain };
    process.once("exit", () => running.process.kill());
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    try {
      // The first crate is there when it looks for it.
      await this.#open(notebook, running).ready;
      const { capabilities } = await analyzer.initialize(start);
      this.#legend = capabilities.semanticTokensProvider?.legend ?? this.#legend;
    } catch (error) {
      if (analyzer.alive) throw error;
      return undefined;
    }
    this.#running = running;
    return running;
  }

  #ended(running: Running): void {
    if (this.#running === running) this.#running = undefined;
    this.#deaths++;
    const left = this.#deaths < DEATHS;
    if (!left)
      this.#missing = `rust-analyzer has ended ${DEATHS} times and is not started again in this window.`;
    if (this.#deaths === 1) this.#host.log("rust-analyzer has ended; the next question starts it again.");
    if (!left) this.#host.log(`Rust cells are without completion, hover and definitions: ${this.#missing}`);
  }

  /** The notebook's crate; made where there is none yet. */
  #open(notebook: EditedNotebook, running: Running): OpenMirror {
    const before = running.mirrors.get(notebook.uri);
    if (before) return before;
    const mirror = new OpenMirror(`notebook_${++this.#opened}`, notebook);
    running.mirrors.set(notebook.uri, mirror);
    this.#update(mirror, notebook, running);
    return mirror;
  }

  #update(mirror: OpenMirror, notebook: EditedNotebook, running: Running): void {
    mirror.notebook = notebook;
    mirror.madeOf = rustOf(notebook);
    mirror.ready = mirror.ready.then(async () => {
      try {
        // Edits that came meanwhile are in it already.
        const cells = await rustCells(mirror.notebook);
        const built = this.#builtOf(cells, notebook.folder, running.toolchain);
        mirror.lacksCrates =
          built.length < cells.filter(({ dependencies }) => dependencies.length > 0).length;
        // It was closed meanwhile.
        if (running.mirrors.get(notebook.uri) !== mirror) return;
        mirror.update(cells, this.#crateOf(built, notebook.folder, running));
      } catch (error) {
        const why = error instanceof Error ? error.message : error;
        this.#host.log(`rust-analyzer does not see the latest cells: ${why}`);
      }
    });
  }

  /** The crate of notebooks whose cells have these crates; another one has rust-analyzer read all of them anew. */
  #crateOf(built: readonly (readonly Dependency[])[], folder: string, running: Running): MirrorCrate {
    const { crates, toolchain, process: analyzer } = running;
    const dependencies = joined(...built);
    const [first] = built;
    const request = { dependencies: first ?? [], lock: lockOf(folder), say() {} };
    const lock = first && lockIn(cratesFolder(request, toolchain));
    const key = JSON.stringify([dependencies, lock]);
    const before = crates.get(key);
    if (before) return before;
    const place = join(running.folder, createHash("sha256").update(key).digest("hex").slice(0, 16));
    const made = new MirrorCrate(place, join(running.folder, "tandem"), dependencies, lock, analyzer);
    crates.set(key, made);
    // The first one it is started with.
    if (this.#running === running) {
      analyzer.reloads();
      analyzer.notify("workspace/didChangeConfiguration", { settings: {} });
    }
    return made;
  }

  /** The crates of cells that are built: nothing else is to be had without fetching it. */
  #builtOf(cells: readonly RustCell[], folder: string, toolchain: Toolchain): (readonly Dependency[])[] {
    return cells.flatMap(({ dependencies }) => {
      if (dependencies.length === 0) return [];
      const key = JSON.stringify([folder, dependencies]);
      if (!this.#built.has(key) && !builtCrates(dependencies, folder, toolchain)) return [];
      this.#built.add(key);
      return [dependencies];
    });
  }
}

function settingsOf({ crates, toolchain, folder }: Running): object {
  const all = [...crates.values()];
  const manifests = all.map(({ manifest }) => manifest);
  const hasCrates = all.some((one) => one.hasCrates);
  return analyzerSettings(manifests, toolchain.sysroot, join(folder, "target"), hasCrates);
}

function lockIn(folder: string): string | undefined {
  const file = join(folder, "Cargo.lock");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The crate that every cell is compiled against. */
function writeTandem(folder: string): void {
  mkdirSync(join(folder, "src"), { recursive: true, mode: 0o700 });
  for (const [name, text] of preludeSources()) writeFileSync(join(folder, "src", name), text);
  const manifest = `[package]\nname = "tandem"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n`;
  writeFileSync(join(folder, "Cargo.toml"), manifest);
}
