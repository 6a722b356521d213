/**
 * Every error a user can meet: what happened, why, what to do next. An entry is a function of the facts,
 * so that no message is put together anywhere else.
 */
export interface Advice {
  what: string;
  why: string;
  next: string;
}

export const catalogue = {
  unknownMagic: (name: string, nearest: string | undefined): Advice => ({
    what: `There is no magic %%${name}.`,
    why: nearest ? `The nearest name is %%${nearest}.` : "No magic has a similar name.",
    next: nearest
      ? `Write %%${nearest}, or see all of them with %lsmagic.`
      : "See all of them with %lsmagic.",
  }),
  unknownOption: (magic: string, option: string, nearest: string | undefined): Advice => ({
    what: `%%${magic} has no option ${option}.`,
    why: nearest ? `The nearest one is ${nearest}.` : "No option has a similar name.",
    next: `%%${magic} --help lists its options.`,
  }),
} as const;

export type ErrorCode = keyof typeof catalogue;

/** An error from the catalogue; `name` is its code, the message holds all three sentences. */
export class TandemError extends Error {
  readonly code: ErrorCode;
  readonly advice: Advice;
  constructor(code: ErrorCode, advice: Advice, options?: ErrorOptions) {
    super(`${advice.what} ${advice.why} ${advice.next}`, options);
    this.name = "TandemError";
    this.code = code;
    this.advice = advice;
  }
}

/** `fail("unknownMagic", "pyton", "python")`: the error of that entry, to be thrown. */
export function fail<C extends ErrorCode>(code: C, ...facts: Parameters<(typeof catalogue)[C]>): TandemError {
  // Each entry takes its own facts; the pairing is checked by this signature, which TypeScript cannot follow inside.
  const entry = catalogue[code] as (...facts: unknown[]) => Advice;
  return new TandemError(code, entry(...facts));
}
