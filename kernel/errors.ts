import type { Advice } from "./errors/advice.ts";
import { cellsErrors } from "./errors/cells.ts";
import { commandsErrors } from "./errors/commands.ts";
import { displayErrors } from "./errors/display.ts";
import { filesErrors } from "./errors/files.ts";
import { formatErrors } from "./errors/format.ts";
import { languageErrors } from "./errors/language.ts";
import { measureErrors } from "./errors/measure.ts";
import { parallelErrors } from "./errors/parallel.ts";
import { processesErrors } from "./errors/processes.ts";
import { profileErrors } from "./errors/profile.ts";
import { protocolErrors } from "./errors/protocol.ts";
import { pythonErrors } from "./errors/python.ts";
import { rustErrors } from "./errors/rust.ts";
import { timelineErrors } from "./errors/timeline.ts";
import { typescriptErrors } from "./errors/typescript.ts";

/**
 * Every error a user can meet: what happened, why, what to do next. An entry is a function of the facts,
 * so that no message is put together anywhere else. One file per part in `errors/`, one catalogue.
 */
export const catalogue = {
  ...cellsErrors,
  ...commandsErrors,
  ...processesErrors,
  ...displayErrors,
  ...filesErrors,
  ...formatErrors,
  ...protocolErrors,
  ...languageErrors,
  ...measureErrors,
  ...profileErrors,
  ...pythonErrors,
  ...parallelErrors,
  ...rustErrors,
  ...timelineErrors,
  ...typescriptErrors,
} as const;

export type ErrorCode = keyof typeof catalogue;

/** An error from the catalogue; `name` is its code, the message holds all three sentences. */
export class TandemError extends Error {
  readonly code: ErrorCode;
  declare readonly advice: Advice;
  /** What the entry was made from: what the error is about. */
  declare readonly facts: readonly unknown[];
  constructor(code: ErrorCode, advice: Advice, facts: readonly unknown[] = []) {
    super(`${advice.what} ${advice.why} ${advice.next}`);
    this.name = "TandemError";
    this.code = code;
    // Not enumerable: where the error is inspected, its message says the same.
    Object.defineProperty(this, "advice", { value: advice });
    Object.defineProperty(this, "facts", { value: facts });
    // Where the user's cell was; our own frames explain nothing.
    const cells = this.stack?.split("\n").filter((line) => /^ +at .*\bcell-\d+\./.test(line)) ?? [];
    this.stack = [`${this.name}: ${this.message}`, ...cells].join("\n");
  }
}

/** `fail("unknownMagic", "pyton", "python")`: the error of that entry, to be thrown. */
export function fail<C extends ErrorCode>(code: C, ...facts: Parameters<(typeof catalogue)[C]>): TandemError {
  // Each entry takes its own facts; the pairing is checked by this signature, which TypeScript cannot follow inside.
  const entry = catalogue[code] as (...facts: unknown[]) => Advice;
  return new TandemError(code, entry(...facts), facts);
}
