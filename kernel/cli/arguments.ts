import { parseArgs } from "node:util";
import { nearest } from "../cells/nearest.ts";
import { fail } from "../errors.ts";
import type { Command, CommandOption } from "./command.ts";

const HELP: CommandOption = { long: "help", short: "h", help: "show this help" };

/** A command's arguments, checked against its declaration. */
export class Arguments {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  /** What stands besides options, in order. */
  readonly positionals: readonly string[];

  constructor(values: ReadonlyMap<string, readonly string[]>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  /** Whether an option was given. */
  has(long: string): boolean {
    return this.#values.has(long);
  }

  /** An option's value. */
  value(long: string): string | undefined {
    return this.#values.get(long)?.[0];
  }

  /** The values of an option that may be given more than once, in order. */
  values(long: string): readonly string[] {
    return this.#values.get(long) ?? [];
  }
}

/** Reads a command's arguments; throws the catalogue's errors for what its declaration does not have. */
export function parseArguments({ name, options, takes }: Command, args: readonly string[]): Arguments {
  const known = [...options, HELP];
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      known.map(({ long, short, value }) => [
        long,
        { type: value === undefined ? "boolean" : "string", ...(short !== undefined && { short }) } as const,
      ]),
    ),
  });
  const values = new Map<string, readonly string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = known.find(({ long }) => long === token.name);
    const { rawName: written } = token;
    if (!option) throw fail("unknownCommandOption", name, written, nearest(written, known.flatMap(forms)));
    const before = values.get(option.long);
    if (before && !option.many && option.value !== undefined) {
      throw fail("badArguments", name, `${written} is given twice.`);
    }
    values.set(option.long, [...(before ?? []), ...valueGiven(name, option, token)]);
  }
  if (!takes && positionals.length > 0 && !values.has("help")) {
    throw fail("badArguments", name, `It takes no ${positionals[0]}.`);
  }
  return new Arguments(values, positionals);
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** The value that goes with an option, if it takes one. */
function valueGiven(
  command: string,
  option: CommandOption,
  { rawName, value, inlineValue }: OptionToken,
): string[] {
  if (option.value === undefined) {
    if (value !== undefined) throw fail("badArguments", command, `${rawName} takes no value.`);
    return [];
  }
  // The next option is no value, unless it is attached by `=`.
  if (value === undefined || (!inlineValue && /^-[^\d]/.test(value))) {
    throw fail("badArguments", command, `${rawName} needs a value: ${rawName} ${option.value}.`);
  }
  return [value];
}

const forms = ({ long, short }: CommandOption) => [`--${long}`, ...(short ? [`-${short}`] : [])];
