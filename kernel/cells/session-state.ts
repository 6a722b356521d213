import type { Engine } from "../engine/engine.ts";
import { Journal } from "../recover/journal.ts";
import type { TypeService } from "../typescript/service.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import { toCellError } from "./failure.ts";
import type { HistoryEntry, HistoryQuery } from "./history/select.ts";
import { History } from "./history/store.ts";
import { parts } from "./parts.ts";
import { prepare } from "./prepare.ts";
import { runCell } from "./run-cell.ts";
import type { Part, PartFactory, Session } from "./session.ts";
import { defaultSettings } from "./settings.ts";
import { TypeChecks } from "./type-checks.ts";

/** The session of a running kernel. */
export class KernelSession implements Session {
  readonly folder: string;
  readonly engine: Engine;
  readonly types: TypeService;
  readonly checks: TypeChecks;
  readonly settings = defaultSettings();
  readonly journal = new Journal();
  readonly #parts = new Map<PartFactory<Part>, Part>();
  readonly #history: History;
  #cell: Cell | undefined;

  constructor(folder: string, engine: Engine, types: TypeService, history = new History()) {
    this.folder = folder;
    this.engine = engine;
    this.types = types;
    this.checks = new TypeChecks(types);
    this.#history = history;
  }

  async runText(cell: Cell): Promise<CellOutcome> {
    return prepare(cell, this).run();
  }

  async viewOf(cell: Cell): Promise<string | undefined> {
    return prepare(cell, this).typeView();
  }

  history(query: HistoryQuery): Promise<readonly HistoryEntry[]> {
    return this.#history.select(query);
  }

  async reset(reason: string): Promise<void> {
    await Promise.all([this.engine.restart(reason), this.restart()]);
  }

  part<T extends Part>(factory: PartFactory<T>): T {
    const made = this.#parts.get(factory);
    // The map's key is the factory that made the part: it is a T.
    if (made) return made as T;
    const part = factory(this);
    this.#parts.set(factory, part);
    if (this.#cell) part.cellStarts?.(this.#cell);
    return part;
  }

  async run(cell: Cell): Promise<CellOutcome> {
    try {
      return (await runCell(cell, this, { check: true })).outcome;
    } catch (error) {
      return { status: "error", error: toCellError(error) };
    }
  }

  /** Answers a question from the engine's half of a part; the part is made if there is none yet. */
  async answer(method: string, params: unknown): Promise<unknown> {
    const [name = "", handler = ""] = method.split(".", 2);
    const factory = parts[name];
    const handle = factory && this.part(factory).handlers?.[handler];
    if (!handle) throw new Error(`The kernel has no answer to ${method}.`);
    // The part's own other half asks: it sends what its handler takes.
    return await handle(params as never);
  }

  cellStarts(cell: Cell): void {
    this.#cell = cell;
    for (const part of this.#parts.values()) part.cellStarts?.(cell);
  }

  interrupted(): void {
    for (const part of this.#parts.values()) part.interrupted?.();
  }

  /** All variables are to be forgotten: ends the parts; the next use makes new ones. */
  async restart(): Promise<void> {
    this.journal.clear();
    const ended = [...this.#parts.values()];
    this.#parts.clear();
    await Promise.all(ended.map((part) => part.close()));
  }

  /** `culprit`: the number of the cell that is known to have ended the engine while no cell ran. */
  engineReplaced(culprit?: number): void {
    this.journal.engineReplaced(culprit);
    for (const part of this.#parts.values()) part.engineReplaced?.();
    this.checks.reset();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => part.close()));
    await this.types.close();
  }
}
