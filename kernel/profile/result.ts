import { type Calls, type Hot, hottest } from "./calls.ts";

/** What `%%profile` found: seconds of time, or bytes that were allocated. */
export interface ProfileResult {
  readonly kind: "profile";
  readonly of: "time" | "allocations";
  /** What the profile covers: of time from the cell's start to its end, what was waited included. */
  readonly total: number;
  /** Seconds in which there was nothing to do: timers, files, the network, Python; 0 of allocations. */
  readonly waited: number;
  /** Seconds for which an answer of Python was awaited. */
  readonly python: number;
  /** Seconds in Rust, of what was called in place. */
  readonly rust: number;
  /** Seconds in which Rust worked on other threads, for `.async`; each instant counts once. */
  readonly rustElsewhere: number;
  /** By what they took themselves, most first. */
  readonly functions: readonly Hot[];
  /** Python's functions by what they took themselves, most first, where py-spy saw them. */
  readonly pythonFunctions: readonly Hot[];
  /** V8's own profile, for tools that read those. */
  readonly file: string;
}

/** What is known beside V8's profile. */
export interface Around {
  readonly of: ProfileResult["of"];
  /** Seconds from the start to the end; of allocations not used. */
  readonly elapsed: number;
  readonly python: number;
  /** Seconds of `.async`. */
  readonly elsewhere: number;
  /** What a sampler saw of Python. */
  readonly ofPython?: Calls;
  readonly file: string;
}

export function resultOf(
  { root, idle }: Calls,
  { of, elapsed, python, elsewhere, ofPython, file }: Around,
): ProfileResult {
  const functions = hottest(root);
  const rust = functions.reduce((sum, { kind, self }) => (kind === "Rust" ? sum + self : sum), 0);
  const time = of === "time";
  return {
    kind: "profile",
    of,
    total: time ? elapsed : root.total,
    waited: time ? Math.min(idle, elapsed) : 0,
    python,
    rust: time ? rust : 0,
    rustElsewhere: elsewhere,
    functions,
    pythonFunctions: ofPython ? hottest(ofPython.root) : [],
    file,
  };
}

/** A function must have taken this share of all by itself to be worth another language. */
const WORTH_MOVING = 0.05;

/** The notebook's own functions that took much of the time themselves, hottest first: those that `%torust` can write. */
export const movable = ({ of, total, functions }: ProfileResult): string[] =>
  functions
    .filter(({ kind, self }) => of === "time" && kind === "cells" && self > WORTH_MOVING * total)
    .map(({ label }) => label)
    .filter((label) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(label) && label !== "anonymous");

/**
 * How many times as fast the whole could be if a part of it took no time: Amdahl's law with the part infinitely fast,
 * 1 / (1 - p).
 */
export const limitWithout = (part: number, total: number): number =>
  part >= total ? Number.POSITIVE_INFINITY : total / (total - part);
