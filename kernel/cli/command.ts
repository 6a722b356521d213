import { fail, TandemError } from "../errors.ts";
import { type Arguments, parseArguments } from "./arguments.ts";

/** An option of a command: `--out PATH`, `-p NAME=VALUE`, `--keep-going`. */
export interface CommandOption {
  readonly long: string;
  readonly short?: string;
  /** Placeholder of the value in the help; an option without one is a flag. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: true;
  readonly help: string;
}

/** A command of `tandem`: one file declares it; help and the reading of arguments are made from the declaration. */
export interface Command {
  readonly name: string;
  /** Placeholders of what stands besides options: `NOTEBOOK…`. */
  readonly takes?: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** What else the help says, below the options. */
  readonly more?: string;
  /** Resolves with the exit code; the kernel, which runs until its client ends it, resolves with undefined. */
  run(args: Arguments): Promise<number | undefined>;
}

/** Exit codes of all commands; after a signal it is 128 and the signal's number, as shells count. */
export const EXIT = {
  ok: 0,
  failed: 1,
  badInput: 2,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** Runs one command: its help, or itself; what goes wrong is told on stderr. */
export async function runCommand(command: Command, args: readonly string[]): Promise<number | undefined> {
  try {
    const parsed = parseArguments(command, args);
    if (parsed.has("help")) {
      process.stdout.write(helpOf(command));
      return EXIT.ok;
    }
    return await command.run(parsed);
  } catch (error) {
    process.stderr.write(report(error));
    return EXIT.badInput;
  }
}

/** A command's help. */
export function helpOf({ name, takes, summary, options, more }: Command): string {
  const head = ["tandem", name, ...(takes ? [takes] : []), ...(options.length > 0 ? ["[options]"] : [])];
  const rows = options.map((option) => [optionForm(option), option.help] as const);
  const width = Math.max(0, ...rows.map(([form]) => form.length));
  const listed = rows.map(([form, help]) => `  ${form.padEnd(width)}  ${help}\n`).join("");
  return `${head.join(" ")}\n${summary}.\n${listed && `\n${listed}`}${more ? `\n${more}\n` : ""}`;
}

/** What a user reads of an error on the command line. */
export function report(error: unknown): string {
  if (error instanceof TandemError) {
    const { what, why, next } = error.advice;
    return `tandem: ${what}\n${why}\n${next}\n`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `tandem: an error of Tandem's own; please report it.\n${stack}\n`;
}

/** The error of arguments that are each right and make no sense together. */
export function badArguments(command: string, reason: string): TandemError {
  return fail("badArguments", command, reason);
}

const optionForm = ({ long, short, value }: CommandOption) =>
  `${short ? `-${short}, ` : "    "}--${long}${value ? ` ${value}` : ""}`;
