import { fail, type TandemError } from "../errors.ts";
import { parseModule } from "../typescript/parse.ts";
import { type MagicArguments, type MagicDeclaration, type MagicOption, OUT } from "./magic.ts";
import { nearest } from "./nearest.ts";

/** A stretch of a magic line; columns from 0, in UTF-16 units. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

/** A word behind a magic's name. Quotes belong to their value. */
export interface LineWord extends LineSpan {
  readonly kind: "option" | "value" | "rest";
  /** The option that it is, or whose value. */
  readonly option?: MagicOption;
}

/** What is wrong with a magic line, and where. */
export interface LineProblem extends LineSpan {
  readonly error: TandemError;
  /** What would be right in this place, as far as it is known. */
  readonly instead?: string;
}

/** A magic line as far as it can be read. */
export interface ScannedLine extends MagicArguments {
  readonly words: readonly LineWord[];
  /** In the order of the line. */
  readonly problems: readonly LineProblem[];
  /** The line ends where the value of this option is wanted. */
  readonly wants?: MagicOption;
  /** What follows is no option any more. */
  readonly optionsEnd: boolean;
}

/** What follows a magic's name. */
export interface LineTail {
  /** How the magic is written: `%%rust`, `%time`. */
  readonly form: string;
  readonly tail: string;
  /** Column at which the tail starts. */
  readonly column: number;
}

/**
 * Reads options, then the rest. Options come first; `--` ends them. A value stands after a space or `=`, in quotes
 * where it has spaces, all of it or what is behind its `=`. `known`: the options, common ones included. Goes on behind
 * what is wrong.
 */
export function scanLine(
  { form, tail, column }: LineTail,
  magic: MagicDeclaration,
  known: readonly MagicOption[],
): ScannedLine {
  const options = new Map<string, true | string | string[]>();
  const found: LineWord[] = [];
  const problems: LineProblem[] = [];
  const words = new Words(tail);
  const span = (from: number, to = words.at): LineSpan => ({ start: column + from, end: column + to });
  let wants: MagicOption | undefined;
  let optionsEnd = false;
  while (words.startsOption()) {
    const start = words.at;
    const name = words.optionName();
    if (name === "--") {
      optionsEnd = true;
      break;
    }
    const option = known.find((one) => name === `--${one.long}` || (one.short && name === `-${one.short}`));
    if (!option && magic.passesOptions) {
      words.at = start;
      optionsEnd = true;
      break;
    }
    found.push({ kind: "option", ...span(start), ...(option && { option }) });
    const named = span(start);
    const attached = words.skipEquals();
    if (!option) {
      const names = known.flatMap((one) => [`--${one.long}`, ...(one.short ? [`-${one.short}`] : [])]);
      const instead = nearest(name, names);
      problems.push({
        ...named,
        error: fail("unknownOption", form, name, instead),
        ...(instead && { instead }),
      });
      if (attached) words.value();
      continue;
    }
    if (option.value === undefined && !attached) {
      options.set(option.long, true);
      continue;
    }
    if (!attached) words.skipSpaces();
    const from = words.at;
    if (!attached && words.atEnd) {
      problems.push({ ...named, error: fail("missingValue", form, name, option.value ?? "") });
      wants = option;
      break;
    }
    const value = words.value();
    found.push({ kind: "value", ...span(from), option });
    if (option.value === undefined) {
      problems.push({ ...span(start), error: fail("unexpectedValue", form, name), instead: name });
      continue;
    }
    if (value.openQuote) {
      problems.push({ ...span(from), error: fail("openQuote", form, value.openQuote) });
      break;
    }
    if (option.long === OUT.long && option.value === OUT.value && !canBeDeclared(value.text))
      problems.push({ ...span(from), error: fail("outName", form, value.text) });
    const before = options.get(option.long);
    if (before === undefined || before === true) options.set(option.long, value.text);
    else options.set(option.long, [...(Array.isArray(before) ? before : [before]), value.text]);
  }
  words.skipSpaces();
  const at = words.at;
  const rest = tail.slice(at).trimEnd();
  if (rest !== "") found.push({ kind: "rest", ...span(at, at + rest.length) });
  // Behind an option that there is not, it may be the value of the one that was meant.
  const meant = problems.some(({ error }) => error.code === "unknownOption");
  if (rest !== "" && magic.rest === undefined && !options.has("help") && !meant)
    problems.push({ ...span(at, at + rest.length), error: fail("unexpectedText", form, rest) });
  return {
    options,
    rest,
    restColumn: column + at,
    words: found,
    problems,
    ...(wants && { wants }),
    optionsEnd: optionsEnd || rest !== "",
  };
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

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  /** Whether an option is next: a dash and a letter, two dashes and a letter, or the `--` that ends options. */
  startsOption(): boolean {
    this.skipSpaces();
    return /^(?:-[a-zA-Z]|--(?:[a-zA-Z]|\s|$))/.test(this.#text.slice(this.at));
  }

  /** An option's name with its dashes. */
  optionName(): string {
    return this.#take(/^[^\s=]+/);
  }

  /** Whether a value is attached by `=`, which is passed over. */
  skipEquals(): boolean {
    const is = this.#text[this.at] === "=";
    if (is) this.at++;
    return is;
  }

  /** The word that begins here; `openQuote`: the quote that does not end, and then it goes to the end of the line. */
  value(): { text: string; openQuote?: string } {
    const quote = this.#text[this.at];
    if (quote === '"' || quote === "'") {
      const start = this.at + 1;
      const end = this.#text.indexOf(quote, start);
      this.at = end < 0 ? this.#text.length : end + 1;
      return end < 0
        ? { text: this.#text.slice(start), openQuote: quote }
        : { text: this.#text.slice(start, end) };
    }
    // As in a shell: `name='a value'` is one word.
    const name = this.#take(/^[^\s='"]+=(?=['"])/);
    if (!name) return { text: this.#take(/^\S*/) };
    const { text, ...how } = this.value();
    return { text: name + text, ...how };
  }

  skipSpaces(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) this.at++;
  }

  /** What a pattern matches here. */
  #take(pattern: RegExp): string {
    const [found = ""] = pattern.exec(this.#text.slice(this.at)) ?? [];
    this.at += found.length;
    return found;
  }
}
