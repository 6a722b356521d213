import { fail } from "../errors.ts";

/** The types that an option may have, by their text. */
interface OptionTypes {
  readonly boolean: boolean;
  readonly number: number;
  readonly 'number | "auto"': number | "auto";
  readonly "number | string": number | string;
  readonly "readonly string[]": readonly string[];
}

/** Each option with its type and what it does, as the editor shows them. */
const known = {
  n: ["number", "Workers; as many as there are cores if left out."],
  chunk: ['number | "auto"', 'Items sent to a worker at a time; "auto": as many as take about 5 ms.'],
  force: ["boolean", "Sends all items to workers, even where that is slower."],
  timeout: [
    "number | string",
    'The longest that an item may take: "30s", "500ms", or a number of milliseconds.',
  ],
  keepGoing: ["boolean", "A failing item leaves its place empty, and the others go on."],
  retries: ["number", "How often an item that throws is tried again; 0 if left out."],
  share: [
    "readonly string[]",
    'Names of notebook variables with typed arrays that are put into shared memory, for good: ["big"].',
  ],
  move: ["boolean", "Buffers in items and results are moved, not copied: who gave them has them no longer."],
  trace: ["boolean", "Shows what each worker did when, and saves it beside the notebook."],
  isolate: ["boolean", "Workers are processes: a crash of native code ends one of them, and not the engine."],
  explain: ["boolean", "Shows how each name that the code uses reaches the workers, and its size."],
} as const satisfies Record<string, readonly [type: keyof OptionTypes, says: string]>;

/** How a parallel run goes about it. */
export type ParallelOptions = { -readonly [K in keyof typeof known]?: OptionTypes[(typeof known)[K][0]] };

/** The same as TypeScript, for the type service. */
export const optionsType: string = [
  "/** How a parallel run goes about it. */",
  "interface ParallelOptions {",
  ...Object.entries(known).map(([name, [type, says]]) => `  /** ${says} */\n  ${name}?: ${type};`),
  "}",
].join("\n");

/** The same, checked; times in ms. */
export interface RunOptions {
  readonly workers: number;
  readonly chunk: number | undefined;
  readonly force: boolean;
  readonly timeout: number | undefined;
  readonly keepGoing: boolean;
  readonly retries: number;
  readonly share: readonly string[];
  readonly move: boolean;
  readonly trace: boolean;
  readonly isolate: boolean;
  readonly explain: boolean;
}

const NAMES: readonly string[] = Object.keys(known);
const MOST_WORKERS = 256;
const MOST_RETRIES = 100;

/** Checks options; throws the catalogue's error on one that cannot be. */
export function checkOptions(options: ParallelOptions, cores: number): RunOptions {
  for (const name of Object.keys(options))
    if (!NAMES.includes(name)) throw fail("parallelOption", name, "unknown", `one of ${NAMES.join(", ")}`);
  const {
    n,
    chunk = "auto",
    force = false,
    timeout,
    keepGoing = false,
    retries = 0,
    share = [],
    move = false,
    trace = false,
    isolate = false,
    explain = false,
  } = options;
  return {
    workers: n === undefined ? cores : wholeNumber("n", n, MOST_WORKERS),
    chunk: chunk === "auto" ? undefined : wholeNumber("chunk", chunk, 1e9),
    force,
    timeout: timeout === undefined ? undefined : milliseconds(timeout),
    keepGoing,
    retries: wholeNumber("retries", retries, MOST_RETRIES, retries, 0),
    share: names(share),
    move,
    trace,
    isolate,
    explain,
  };
}

/** Options as they stand on the magic line: `-n 4`, `--timeout 30s`. */
export function optionsOfLine(line: ReadonlyMap<string, true | string | readonly string[]>): ParallelOptions {
  const last = (name: string) => {
    const value = line.get(name);
    return typeof value === "object" ? value.at(-1) : value === true ? undefined : value;
  };
  const all = (name: string): readonly string[] => {
    const value = line.get(name);
    return typeof value === "object" ? value : typeof value === "string" ? [value] : [];
  };
  if (line.has("on")) throw fail("parallelElsewhere");
  const [n, chunk, timeout, retries] = [last("n"), last("chunk"), last("timeout"), last("retries")];
  return {
    ...(n === undefined ? {} : { n: wholeNumber("n", Number(n), MOST_WORKERS, n) }),
    ...(chunk === undefined || chunk === "auto"
      ? {}
      : { chunk: wholeNumber("chunk", Number(chunk), 1e9, chunk) }),
    ...(timeout === undefined ? {} : { timeout: milliseconds(timeout) }),
    ...(retries === undefined
      ? {}
      : { retries: wholeNumber("retries", Number(retries), MOST_RETRIES, retries, 0) }),
    ...(line.has("share") ? { share: names(all("share").flatMap((list) => list.split(","))) } : {}),
    ...(line.has("move") ? { move: true } : {}),
    ...(line.has("trace") ? { trace: true } : {}),
    ...(line.has("isolate") ? { isolate: true } : {}),
    ...(line.has("explain") ? { explain: true } : {}),
    ...(line.has("force") ? { force: true } : {}),
    ...(line.has("keep-going") ? { keepGoing: true } : {}),
  };
}

function names(share: readonly string[]): readonly string[] {
  const wrong = share.find((name) => !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  if (wrong !== undefined) throw fail("parallelOption", "share", wrong, "names of variables: --share a,b");
  return share;
}

function wholeNumber(
  name: string,
  value: unknown,
  most: number,
  written: unknown = value,
  least = 1,
): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw fail("parallelOption", name, String(written), `a whole number from ${least} to ${most}`);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** A time in ms: `30s`, `500ms`, `2min`, or a number of milliseconds. */
export function milliseconds(time: number | string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)$/.exec(String(time));
  const value = typeof time === "number" ? time : match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : 0;
  if (value > 0 && Number.isFinite(value)) return value;
  throw fail("parallelOption", "timeout", String(time), "a time such as 30s, 500ms or 2min");
}
