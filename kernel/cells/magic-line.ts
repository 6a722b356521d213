import { fail } from "../errors.ts";
import { parseModule } from "../typescript/parse.ts";
import type { CellMagic, MagicCell, MagicOption } from "./magic.ts";
import { nearest } from "./nearest.ts";

/** What every cell magic takes, besides its own options. */
const OUT: MagicOption = { long: "out", value: "name", help: "declare the result under this name" };
const COMMON: readonly MagicOption[] = [OUT, { long: "help", help: "show this help" }];

/** A cell's `%%name rest-of-line`. */
export interface MagicHead {
  readonly name: string;
  /** What follows the name, and the column (UTF-16 units) at which it starts. */
  readonly tail: string;
  readonly column: number;
  readonly body: string;
}

/** Takes a cell's first line apart; undefined where the cell has no magic. */
export function readHead(source: string): MagicHead | undefined {
  const end = source.indexOf("\n");
  const line = (end < 0 ? source : source.slice(0, end)).replace(/\r$/, "");
  const [head, name] = /^%%(\S*)/.exec(line) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const column = head.length;
  return { name, tail: line.slice(column), column, body: end < 0 ? "" : source.slice(end + 1) };
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

/** A magic's options, the common ones included; its own come before one of the same name. */
export function optionsOf(magic: CellMagic): readonly MagicOption[] {
  return [...magic.options, ...COMMON.filter((one) => !magic.options.some((own) => own.long === one.long))];
}

/**
 * Reads options, then the rest. Options come first; `--` ends them. A value stands after a space or `=`, in quotes
 * where it has spaces. Throws the catalogue's errors on the magic line.
 */
export function readOptions(
  head: MagicHead,
  magic: CellMagic,
): Pick<MagicCell, "options" | "rest" | "restColumn"> {
  const known = optionsOf(magic);
  const options = new Map<string, true | string | string[]>();
  const words = new Words(head.tail, magic.name);
  while (words.startsOption()) {
    const { name, value: attached } = words.option();
    if (name === "--") break;
    const option = known.find((one) => name === `--${one.long}` || (one.short && name === `-${one.short}`));
    if (!option) {
      const names = known.flatMap((one) => [`--${one.long}`, ...(one.short ? [`-${one.short}`] : [])]);
      throw fail("unknownOption", magic.name, name, nearest(name, names));
    }
    if (option.value === undefined) {
      if (attached !== undefined) throw fail("unexpectedValue", magic.name, name);
      options.set(option.long, true);
      continue;
    }
    const value = attached ?? words.value();
    if (value === undefined) throw fail("missingValue", magic.name, name, option.value);
    if (option === OUT && !canBeDeclared(value)) throw fail("outName", magic.name, value);
    const before = options.get(option.long);
    if (before === undefined || before === true) options.set(option.long, value);
    else options.set(option.long, [...(Array.isArray(before) ? before : [before]), value]);
  }
  const rest = words.rest();
  if (rest && magic.rest === undefined && !options.has("help"))
    throw fail("unexpectedText", magic.name, rest);
  return { options, rest, restColumn: head.column + words.at };
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
  readonly #magic: string;

  constructor(text: string, magic: string) {
    this.#text = text;
    this.#magic = magic;
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
      if (end < 0) throw fail("openQuote", this.#magic, quote);
      const word = this.#text.slice(this.at + 1, end);
      this.at = end + 1;
      return word;
    }
    return this.#take(/^\S*/);
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
