import { fail } from "../errors.ts";
import type { Tolerance } from "./equal.ts";

/** How a comparison is to be run. */
export interface BenchOptions {
  /** Fewest rounds. */
  readonly rounds: number;
  /** Seconds for everything, warming up included. */
  readonly budget: number;
  /** Half-width of the control's interval at which rounds end: 0.01 for 1 %. */
  readonly precision: number;
  readonly tolerance: Tolerance;
  /** The first calls are told too. */
  readonly cold: boolean;
  /** Files for the figures, relative to the notebook's folder. */
  readonly csv?: string;
  readonly json?: string;
  /** Names under which the result is kept, and of the earlier one that it is compared with. */
  readonly save?: string;
  readonly against?: string;
}

/** As they are written: on the magic line, or in the second argument of `bench`. */
export interface BenchOptionTexts {
  readonly rounds?: string | number | undefined;
  /** A number is of milliseconds. */
  readonly budget?: string | number | undefined;
  readonly precision?: string | number | undefined;
  readonly tol?: string | number | undefined;
  readonly cold?: boolean | undefined;
  readonly csv?: string | undefined;
  readonly json?: string | undefined;
  readonly save?: string | undefined;
  readonly against?: string | undefined;
}

export const optionDefaults = { rounds: "30", budget: "20s", precision: "1%", tol: "4ulp" } as const;

const fewestRounds = 6;

/** Reads the options; what cannot be read is the catalogue's `benchOption`. */
export function readOptions(texts: BenchOptionTexts): BenchOptions {
  const rounds = Number(texts.rounds ?? optionDefaults.rounds);
  if (!Number.isInteger(rounds) || rounds < fewestRounds || rounds > 10_000) {
    throw fail("benchOption", "--rounds", String(texts.rounds), "a whole number from 6 to 10,000");
  }
  return {
    rounds,
    budget: readDuration("--budget", texts.budget ?? optionDefaults.budget),
    precision: readShare("--precision", texts.precision ?? optionDefaults.precision),
    tolerance: readTolerance(texts.tol ?? optionDefaults.tol),
    cold: texts.cold ?? false,
    ...(texts.csv !== undefined && { csv: texts.csv }),
    ...(texts.json !== undefined && { json: texts.json }),
    ...(texts.save !== undefined && { save: texts.save }),
    ...(texts.against !== undefined && { against: texts.against }),
  };
}

/** `20s`, `500ms`, `2min`, or a number of milliseconds; in seconds. */
function readDuration(option: string, text: string | number): number {
  const written = typeof text === "number" ? `${text}ms` : text;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m)$/.exec(written) ?? [];
  const scale = { ms: 1e-3, s: 1, m: 60, min: 60 }[unit ?? ""] ?? Number.NaN;
  const seconds = Number(digits) * scale;
  if (!(seconds > 0))
    throw fail("benchOption", option, String(text), "a duration such as 20s, 500ms or 2min");
  return seconds;
}

/** `1%`, or a number: 0.01. */
function readShare(option: string, text: string | number): number {
  const [, digits, sign] = /^(\d*\.?\d+)\s*(%)?$/.exec(String(text)) ?? [];
  const share = Number(digits) * (sign ? 0.01 : 1);
  if (!(share > 0 && share <= 1)) throw fail("benchOption", option, String(text), "a percentage such as 1%");
  return share;
}

/** `4ulp`, or a relative difference: `1e-9`, `0.1%`. */
function readTolerance(text: string | number): Tolerance {
  const [, ulps] = /^(\d+)\s*ulps?$/i.exec(String(text)) ?? [];
  if (ulps !== undefined) return { ulps: Number(ulps) };
  const [, digits, sign] = /^(\d*\.?\d+(?:e-?\d+)?)\s*(%)?$/i.exec(String(text)) ?? [];
  const relative = Number(digits) * (sign ? 0.01 : 1);
  if (!(relative >= 0 && relative <= 1)) {
    throw fail(
      "benchOption",
      "--tol",
      String(text),
      "a number of ULP such as 4ulp, or a relative difference such as 1e-9",
    );
  }
  return { relative };
}

/** A tolerance as the result keeps it. */
export function toleranceText(tolerance: Tolerance): string {
  return "ulps" in tolerance ? `${tolerance.ulps} ULP` : String(tolerance.relative);
}
