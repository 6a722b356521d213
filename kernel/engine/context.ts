import type { Shown } from "../display/value/shown.ts";
import type { MimeBundle } from "../wire/message.ts";
import { type DisplayOptions, Displays } from "./displays.ts";
import type { EngineCode, ImportBinding } from "./engine.ts";
import { createImporter, type Importer } from "./importer.ts";
import type { Interrupts } from "./interrupts.ts";
import type { EngineOutput } from "./output.ts";
import type { EngineContext, EngineTime } from "./part.ts";
import type { Questions } from "./questions.ts";
import type { Scope } from "./scope.ts";

/** What parts and the notebook's globals may use of the engine. */
export class Context implements EngineContext {
  readonly folder: string;
  readonly imports = new Map<string, ImportBinding>();
  readonly importer: Importer;
  readonly displays: Displays;
  readonly #places = new Map<string, string>();
  /** Names that no line of a cell declares: results of magics, functions of other languages. */
  readonly #defined = new Set<string>();
  cell = { number: 0, file: "" };
  readonly #scope: Scope;
  readonly #interrupts: Interrupts;
  readonly #output: EngineOutput;
  readonly #questions: Questions;

  constructor(
    folder: string,
    scope: Scope,
    interrupts: Interrupts,
    output: EngineOutput,
    questions: Questions,
    report: (problem: unknown) => void,
  ) {
    this.folder = folder;
    this.importer = createImporter(folder);
    this.#scope = scope;
    this.#interrupts = interrupts;
    this.#output = output;
    this.#questions = questions;
    this.displays = new Displays(output, report);
  }

  get signal(): AbortSignal {
    return this.#interrupts.signal;
  }

  /** Takes note of what a cell declares. */
  declare(file: string, { imports, declared = [] }: EngineCode): void {
    for (const { name, line } of declared) {
      this.imports.delete(name);
      this.#defined.delete(name);
      this.#places.set(name, `${file}:${line}`);
    }
    for (const binding of imports) this.imports.set(binding.local, binding);
  }

  declaredAt(name: string): string | undefined {
    return this.#places.get(name);
  }

  get declaredNames(): Iterable<string> {
    return [...this.#places.keys(), ...this.#defined];
  }

  get time(): EngineTime {
    return this.#scope.time;
  }

  read(expression: string): unknown {
    return this.#scope.read(expression);
  }

  define(name: string, value: unknown): void {
    this.imports.delete(name);
    this.#places.delete(name);
    this.#scope.define(name, value);
    this.#defined.add(name);
  }

  importModule(specifier: string): Promise<unknown> {
    return this.importer.load(specifier);
  }

  ask(method: string, params: unknown): Promise<unknown> {
    return this.#questions.ask(method, params);
  }

  get printed(): number {
    return this.#output.printed;
  }

  stream(name: "stdout" | "stderr", text: string): void {
    if (name === "stdout") process.stdout.write(text);
    else this.#output.emit({ type: "stream", name, text });
  }

  show(shown: Shown, options?: DisplayOptions): void {
    this.displays.show(shown, options);
  }

  display(data: MimeBundle, metadata?: Record<string, unknown>, displayId?: string): void {
    this.#output.emit({
      type: "display",
      data,
      ...(metadata && { metadata }),
      ...(displayId !== undefined && { displayId }),
    });
  }

  updateDisplay(displayId: string, data: MimeBundle, metadata?: Record<string, unknown>): void {
    this.#output.emit({ type: "update", displayId, data, ...(metadata && { metadata }) });
  }
}
