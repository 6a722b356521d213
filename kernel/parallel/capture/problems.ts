import { fail, type TandemError } from "../../errors.ts";

/** Something in a function's surroundings that cannot go to a worker. */
export interface Problem {
  /** The variable, or the part of it: `conn`, `config.db`. */
  readonly name: string;
  /** What is wrong with it: `is an instance of Socket`. */
  readonly what: string;
  /** From the parallel code to it: `["fetchRow", "conn"]`. */
  readonly path: readonly string[];
  /** Where it is declared, as in stacks, where that is known. */
  readonly place: string | undefined;
  /** What to do about it. */
  readonly remedy: string;
}

const remedies: Readonly<Record<string, string>> = {
  promise: "Await it first, and use its value.",
  generator: "Take its items first: [...it].",
  proxy: "Copy what it stands for into a plain object.",
  weak: "Use a Map or a Set.",
  module: "Import it by an import statement; then workers import it too.",
  symbol: "Use a string, or one of the language's own symbols.",
  instance: "Use the plain data that it holds, or make it inside the body, once per item.",
};

/** What to do about a value of a kind (see `kindOf`) that cannot go to a worker. */
export const remedyFor = (kind: string): string => remedies[kind] ?? "Make it inside the body.";

/** A function from deep inside a package may reach hundreds. */
const MOST_TOLD = 12;

/** One error for all problems. */
export function captureError(problems: readonly Problem[]): TandemError {
  return fail("parallelCapture", problems.length, problems.slice(0, MOST_TOLD).map(sentence));
}

/** The error for one problem that is seen before the run. */
export const problemError = (problem: Problem): TandemError =>
  fail("parallelWillRefuse", told(problem), problem.remedy);

const sentence = (problem: Problem): string => `${told(problem)}. ${problem.remedy}`;

function told({ name, what, path, place }: Problem): string {
  const where = place ? ` (${place})` : "";
  const through = path.length > 1 ? `; the parallel code reaches it through ${path.join(" → ")}` : "";
  return `${name}${where} ${what}${through}`;
}
