import type { Cell, CellOutcome } from "./cell.ts";
import type { Session } from "./session.ts";

/** An option in the usual long-flag form: `--chunk 10`, `--chunk=10`, `--force`, `-n 4`. */
export interface MagicOption {
  readonly long: string;
  readonly short?: string;
  /** Placeholder of the value in the help (`name`, `4ulp`); an option without one is a flag. */
  readonly value?: string;
  readonly help: string;
}

/** A cell's magic line taken apart and checked against the magic's declaration. */
export interface MagicCell extends Cell {
  /** By long name without dashes; flags are `true`; an option given twice keeps both in order. */
  readonly options: ReadonlyMap<string, true | string | readonly string[]>;
  /** What follows the options on the magic line. */
  readonly rest: string;
  /** Column (UTF-16 units) at which `rest` starts in the magic line. */
  readonly restColumn: number;
  /** The text below the magic line. Its first line is line 2 of the cell. */
  readonly body: string;
}

/** What the type service sees in a cell's place. */
export interface TypeView {
  /**
   * TypeScript in which line N is line N of the cell, so that diagnostics need no map; generated text stands on
   * line 1 or below the cell's last line. Top-level declarations are what later cells see.
   */
  readonly text: string;
}

/** A `%%` magic: one file declares it; help, completion and the docs are generated from the declaration. */
export interface CellMagic {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Placeholder for what follows the options; a magic without one takes nothing there. */
  readonly rest?: string;
  readonly options: readonly MagicOption[];
  /** Of the cell's name in stacks (`rs`: `cell-7.rs`); `ts` if left out. */
  readonly extension?: string;
  /** A short example, magic line included. */
  readonly example: string;
  run(cell: MagicCell, session: Session): Promise<CellOutcome>;
  /** Left out where the cell declares nothing and its body is not TypeScript. */
  typeView?(cell: MagicCell, session: Session): Promise<TypeView | undefined>;
}
