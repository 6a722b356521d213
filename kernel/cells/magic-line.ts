import { fail } from "../errors.ts";
import { parseModule } from "../typescript/parse.ts";
import {
  type CellMagic,
  cellMagicOptions,
  type LineMagic,
  lineMagicOptions,
  type MagicArguments,
  type MagicDeclaration,
  type MagicOption,
  OUT,
} from "./magic.ts";
import { nearest } from "./nearest.ts";

/** A magic's name and what stands behind it on its line. */
export interface MagicHead {
  /** How the magic is written: `%%rust`, `%time`. */
  readonly form: string;
  /** What follows the name, and the column (UTF-16 units) at which it starts. */
  readonly tail: string;
  readonly column: number;
}

/** A cell's `%%name rest-of-line`. */
export interface CellHead extends MagicHead {
  readonly name: string;
  readonly body: string;
}

/** Takes a cell's first line apart; undefined where the cell has no magic. `%%name?` asks for its help. */
export function readHead(source: string): CellHead | undefined {
  const end = source.indexOf("\n");
  const line = (end < 0 ? source : source.slice(0, end)).replace(/\r$/, "");
  const [head, name, asks] = /^%%(\S*?)(\?\s*$)?(?:$|(?=\s))/.exec(line) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const column = head.length;
  const tail = asks ? " --help" : line.slice(column);
  return { form: `%%${name}`, name, tail, column, body: end < 0 ? "" : source.slice(end + 1) };
}

/** The magic of a name; throws the catalogue's `unknownMagic`. */
export function findMagic(name: string, table: readonly CellMagic[]): CellMagic {
  const magic = table.find((one) => one.name === name);
  if (magic) return magic;
  throw fail(
    "unknownMagic",
    name,
    nearest(
      name,
      table.map((one) => one.name),
    ),
  );
}

/** A cell magic's options, the common ones included; its own come before one of the same name. */
export const optionsOf = (magic: CellMagic) => withCommon(magic, cellMagicOptions);

/** A line magic's options, the common ones included. */
export const lineOptionsOf = (magic: LineMagic) => withCommon(magic, lineMagicOptions);

function withCommon(magic: MagicDeclaration, common: readonly MagicOption[]): readonly MagicOption[] {
  return [...magic.options, ...common.filter((one) => !magic.options.some((own) => own.long === one.long))];
}

/** Whether something has to stand behind a magic's options. */
export const needsRest = ({ rest }: MagicDeclaration) => rest !== undefined && !rest.startsWith("[");

/** What a cell's magic line gives its magic. Throws the catalogue's errors on the magic line. */
export const readOptions = (head: MagicHead, magic: CellMagic) => read(head, magic, optionsOf(magic));

/** The same for a line magic. */
export const readLineOptions = (head: MagicHead, magic: LineMagic) => read(head, magic, lineOptionsOf(magic));

/**
 * Reads options, then the rest. Options come first; `--` ends them. A value stands after a space or `=`, in quotes
 * where it has spaces, all of it or what is behind its `=`. `known`: the options, common ones included.
 */
function read(
  { form, tail, column }: MagicHead,
  magic: MagicDeclaration,
  known: readonly MagicOption[],
): MagicArguments {
  const options = new Map<string, true | string | string[]>();
  const words = new Words(tail, form);
  while (words.startsOption()) {
    const start = words.at;
    const { name, value: attached } = words.option();
    if (name === "--") break;
    const option = known.find((one) => name === `--${one.long}` || (one.short && name === `-${one.short}`));
    if (!option && magic.passesOptions) {
      words.at = start;
      break;
    }
    if (!option) {
      const names = known.flatMap((one) => [`--${one.long}`, ...(one.short ? [`-${one.short}`] : [])]);
      throw fail("unknownOption", form, name, nearest(name, names));
    }
    if (option.value === undefined) {
      if (attached !== undefined) throw fail("unexpectedValue", form, name);
      options.set(option.long, true);
      continue;
    }
    const value = attached ?? words.value();
    if (value === undefined) throw fail("missingValue", form, name, option.value);
    if (option.long === OUT.long && option.value === OUT.value && !canBeDeclared(value))
      throw fail("outName", form, value);
    const before = options.get(option.long);
    if (before === undefined || before === true) options.set(option.long, value);
    else options.set(option.long, [...(Array.isArray(before) ? before : [before]), value]);
  }
  const rest = words.rest();
  if (rest && magic.rest === undefined && !options.has("help")) throw fail("unexpectedText", form, rest);
  return { options, rest, restColumn: column + words.at };
}

/** Whether `let name` can be written: an identifier that is no reserved word. */
export function canBeDeclared(name: string): boolean {
  if (!/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)) return false;
  try {
    parseModule(`let ${name}`);
    return true;
  } catch {
    return false;
  }
}

/** Reads words from the left of a line. */
class Words {
  at = 0;
  readonly #text: string;
  readonly #form: string;

  constructor(text: string, form: string) {
    this.#text = text;
    this.#form = form;
  }

  /** Whether an option is next: a dash and a letter, two dashes and a letter, or the `--` that ends options. */
  startsOption(): boolean {
    this.#skipSpaces();
    return /^(?:-[a-zA-Z]|--(?:[a-zA-Z]|\s|$))/.test(this.#text.slice(this.at));
  }

  /** An option's name with its dashes, and its value where one is attached by `=`. */
  option(): { name: string; value: string | undefined } {
    const name = this.#take(/^[^\s=]+/);
    if (this.#text[this.at] !== "=") return { name, value: undefined };
    this.at++;
    return { name, value: this.#word() };
  }

  /** The next word; undefined at the end of the line. */
  value(): string | undefined {
    this.#skipSpaces();
    return this.at < this.#text.length ? this.#word() : undefined;
  }

  /** All that is left, without spaces around it. */
  rest(): string {
    this.#skipSpaces();
    return this.#text.slice(this.at).trimEnd();
  }

  #word(): string {
    const quote = this.#text[this.at];
    if (quote === '"' || quote === "'") {
      const end = this.#text.indexOf(quote, this.at + 1);
      if (end < 0) throw fail("openQuote", this.#form, quote);
      const word = this.#text.slice(this.at + 1, end);
      this.at = end + 1;
      return word;
    }
    // As in a shell: `name='a value'` is one word.
    const name = this.#take(/^[^\s='"]+=(?=['"])/);
    return name ? name + this.#word() : this.#take(/^\S*/);
  }

  /** What a pattern matches here. */
  #take(pattern: RegExp): string {
    const [found = ""] = pattern.exec(this.#text.slice(this.at)) ?? [];
    this.at += found.length;
    return found;
  }

  #skipSpaces(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) this.at++;
  }
}
