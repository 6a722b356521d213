import type { Engine } from "../engine/engine.ts";
import type { Journal } from "../recover/journal.ts";
import type { TypeService } from "../typescript/service.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import type { HistoryEntry, HistoryQuery } from "./history/select.ts";
import type { Settings } from "./settings.ts";

/** What the cells of one notebook share. Lives as long as the kernel; the engine inside it can be replaced. */
export interface Session {
  /** The notebook's folder, absolute: working directory, root of imports. */
  readonly folder: string;
  readonly engine: Engine;
  readonly types: TypeService;
  readonly settings: Settings;
  /** The cells that ran. */
  readonly journal: Journal;
  /** Runs another cell's text as a part of the one that runs. Never rejects. */
  run(cell: Cell): Promise<CellOutcome>;
  /** A part's state for this session, made on first use and closed with the kernel: `session.part(pythonRunners)`. */
  part<T extends Part>(factory: PartFactory<T>): T;
  /** Runs a text as a cell, magics included; its types are not looked at. Throws what keeps it from running. */
  runText(cell: Cell): Promise<CellOutcome>;
  /** What the type service would see of such a cell. */
  viewOf(cell: Cell): Promise<string | undefined>;
  /** Cells that ran, as history requests ask for them. */
  history(query: HistoryQuery): Promise<readonly HistoryEntry[]>;
  /** Forgets all variables of all languages, at once: a fresh engine takes over. `reason`: a sentence. */
  reset(reason: string): Promise<void>;
}

export interface Part {
  /** What the part's other half in the engine asks, by the method's name without the part's prefix. */
  readonly handlers?: Readonly<Record<string, (params: never) => unknown>>;
  /** A cell starts: what the part's processes print from now on is the cell's. */
  cellStarts?(cell: Cell): void;
  /** The user asks the running cell to stop; may come more than once for a cell. */
  interrupted?(): void;
  /** The engine was replaced: whatever was loaded into it is gone. */
  engineReplaced?(): void;
  close(): Promise<void>;
}

export type PartFactory<T extends Part> = (session: Session) => T;
