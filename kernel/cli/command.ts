import { type ParseArgsConfig, parseArgs } from "node:util";
import { fail, TandemError } from "../errors.ts";

/** A command of `tandem`: one file declares it and says what it takes. */
export interface Command {
  readonly name: string;
  /** Usage lines, each an invocation and what it does. */
  readonly help: string;
  /** Resolves with the exit code; the kernel, which runs until its client ends it, resolves with undefined. */
  run(args: string[]): Promise<number | undefined>;
}

/** Exit codes of the commands. */
export const EXIT = { ok: 0, failed: 1, badInput: 2 } as const;

/** `parseArgs` with its errors in the catalogue. */
export function parse<T extends ParseArgsConfig>(
  command: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's message goes on about how to quote odd positionals after its first sentence.
    const reason = (error as Error).message.split(". ")[0] ?? "";
    throw fail("badArguments", command, `${reason.replace(/\.$/, "")}.`);
  }
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
