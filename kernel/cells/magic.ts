import type { TandemError } from "../errors.ts";
import type { Completions, Inspection } from "../typescript/service.ts";
import type { Cell, CellOutcome } from "./cell.ts";
import type { Session } from "./session.ts";

/** An option in the usual long-flag form: `--chunk 10`, `--chunk=10`, `--force`, `-n 4`. */
export interface MagicOption {
  readonly long: string;
  readonly short?: string;
  /** Placeholder of the value in the help (`name`, `4ulp`); an option without one is a flag. */
  readonly value?: string;
  readonly help: string;
  /** It may stand more than once. */
  readonly repeats?: true;
  /** Values that are known, for completion; others may be allowed too. `folder`: the notebook's. */
  readonly values?: readonly string[] | ((folder: string) => readonly string[]);
}

/** Where something is chosen. */
export interface ChoicePlace {
  /** The notebook's. */
  readonly folder: string;
  /** The word, as far as it is typed. */
  readonly begun: string;
}

/** Something that could stand at a place of a magic line. */
export interface Choice {
  readonly text: string;
  /** What it means, in a few words. */
  readonly help?: string;
}

/** By long name without dashes; flags are `true`; an option given twice keeps both in order. */
export type MagicOptions = ReadonlyMap<string, true | string | readonly string[]>;

/** What a magic is given on its line, taken apart and checked against its declaration. */
export interface MagicArguments {
  readonly options: MagicOptions;
  /** What follows the options on the magic line. */
  readonly rest: string;
  /** Column (UTF-16 units) at which `rest` starts in the magic line. */
  readonly restColumn: number;
}

/** What every magic declares of itself: parsing, help, completion and the docs are made from this. */
export interface MagicDeclaration {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Placeholder for what follows the options, in brackets where it may be left out; a magic without one takes nothing there. */
  readonly rest?: string;
  readonly options: readonly MagicOption[];
  /** What looks like an option and is none of these is the beginning of the rest: the magic hands it on to a tool. */
  readonly passesOptions?: true;
  /** What the last word of the rest could be; `before`: the rest up to that word. Left out where nothing is known. */
  choices?(before: string, at: ChoicePlace): readonly Choice[];
  /**
   * Whether options and rest are what the magic takes, as far as that can be told from them alone. Throws the
   * catalogue's errors, as the run would before anything happens.
   */
  check?(given: MagicArguments): void;
  /** A short example, magic line included. */
  readonly example: string;
  /** What else a user has to know, in Markdown; for the docs. */
  readonly details?: string;
}

/** A cell under a `%%` magic. */
export interface MagicCell extends Cell, MagicArguments {
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
  /** What is to be told of generated lines below the cell; of others nothing is. */
  readonly below?: readonly BelowLine[];
}

/** A generated line that asks the type service something about the cell. */
export interface BelowLine {
  /** Of the view, from 1. */
  readonly line: number;
  /** What it is about in the cell. */
  readonly start: Place;
  readonly end: Place;
  /** What to say instead of the type service's message; undefined: nothing. `above`: the cells above. */
  tell(message: string, above: readonly WrittenCell[]): TandemError | undefined;
}

/** A cell that has not run, as far as later ones can know of it. */
export interface WrittenCell {
  /** The TypeScript of its top level, without line magics. */
  readonly typescript: string;
  /** The names of `--out`. */
  readonly out: readonly string[];
  /** It runs in each worker, and declares its names there. */
  readonly inWorkers: boolean;
}

/** What is wrong with a cell before it runs, at the very words. */
export interface MagicProblem {
  readonly start: Place;
  readonly end: Place;
  readonly error: TandemError;
  /** Texts that could stand in these words' place. */
  readonly instead: readonly string[];
}

/** A place in a cell as editors count: from 0, characters in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** Edits that would mend what a diagnostic tells. */
export interface Suggestion {
  readonly message: string;
  /** Whether they can be made without looking. */
  readonly certain: boolean;
  readonly edits: readonly { readonly start: Place; readonly end: Place; readonly text: string }[];
}

/** A place that belongs to what a diagnostic tells. */
export interface RelatedPlace {
  readonly start: Place;
  readonly end: Place;
  readonly message: string;
  /** As the tool names it; the cell itself if left out. */
  readonly file?: string;
}

/** What is wrong at a place of a cell. */
export interface CellDiagnostic {
  readonly start: Place;
  readonly end: Place;
  readonly severity: "error" | "warning" | "information";
  readonly message: string;
  /** Who says it: `rustc`. */
  readonly source: string;
  /** `E0382`, or a lint's name. */
  readonly code?: string;
  /** Where the code is explained. */
  readonly href?: string;
  /** As the tool prints it. */
  readonly rendered?: string;
  /** Other places that belong to it. */
  readonly related: readonly RelatedPlace[];
  readonly suggestions: readonly Suggestion[];
}

/** A `%%` magic, which takes a whole cell. */
export interface CellMagic extends MagicDeclaration {
  /** Of the cell's name in stacks (`rs`: `cell-7.rs`); `ts` if left out. */
  readonly extension?: string;
  run(cell: MagicCell, session: Session): Promise<CellOutcome>;
  /**
   * What the run would refuse before anything happens, told by the texts of the cell and of those above it alone; of a
   * cell whose line is right.
   */
  refusals?(cell: MagicArguments & { readonly body: string }, above: readonly WrittenCell[]): MagicProblem[];
  /** What is wrong in a cell that is being written; nothing of it is run. Ends early where `cell.signal` is aborted. */
  diagnose?(cell: MagicCell, session: Session): Promise<readonly CellDiagnostic[]>;
  /** The body is TypeScript: the view has its lines. */
  readonly holdsTypeScript?: true;
  /** Completes in the body, where that is no TypeScript; undefined where nothing is known. `offset`: of the body, in UTF-16 units. */
  complete?(cell: MagicCell, offset: number, session: Session): Promise<Completions | undefined>;
  /** What is known of a name in such a body. */
  inspect?(cell: MagicCell, offset: number, session: Session): Promise<Inspection | undefined>;
  /** Left out where the cell declares nothing and its body is not TypeScript. */
  typeView?(cell: MagicCell, session: Session): Promise<TypeView | undefined>;
  /** Makes the cell known to later cells of the same magic where nothing runs; left out where they need not know. */
  declare?(body: string, cell: Cell, session: Session): Promise<void>;
}

/** A `%` magic among a cell's TypeScript. */
export interface MagicLine extends MagicArguments {
  readonly cell: Cell;
  /** 1-based. */
  readonly line: number;
}

/** What the type service sees of a line magic; nothing where a part is left out. */
export interface LineView {
  /** TypeScript in the line's place, on one line. */
  readonly line?: string;
  /** Text below the cell's last line; what is wrong in it is not told. */
  readonly below?: string;
}

/** A `%` magic: one line of a cell. */
export interface LineMagic extends MagicDeclaration {
  run(line: MagicLine, session: Session): Promise<CellOutcome>;
  /** Left out where the line declares nothing and holds no TypeScript. */
  typeView?(line: MagicLine, session: Session): Promise<LineView>;
}

/** The option of every cell magic, and of each line magic that has a value. */
export const OUT: MagicOption = { long: "out", value: "name", help: "declare the result under this name" };

/** The option of every magic. */
export const HELP: MagicOption = { long: "help", help: "show this help" };

/** What every cell magic takes, besides its own options. */
export const cellMagicOptions: readonly MagicOption[] = [OUT, HELP];

/** What every line magic takes, besides its own options. */
export const lineMagicOptions: readonly MagicOption[] = [HELP];
