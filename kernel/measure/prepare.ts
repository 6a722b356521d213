import { performance } from "node:perf_hooks";
import type { EngineContext } from "../engine/part.ts";
import type { ErrorCode } from "../errors.ts";
import { PythonError } from "../python/failure.ts";
import { isThenable } from "../thenable.ts";
import { type External, externalLoop, runExternal } from "./external.ts";
import { loopOf } from "./loop.ts";
import { type CallValue, nativeCall } from "./native-call.ts";
import { callOverhead } from "./overhead.ts";
import type { BenchSide } from "./result.ts";
import type { Runner } from "./rounds.ts";
import type { Estimate } from "./statistics.ts";

/** What is to be compared: a function, and the one call that it consists of where it is no more. */
export interface Side {
  readonly name: string;
  run(): unknown;
  readonly call?: () => CallValue;
  readonly external?: External;
}

/** Seconds; beside a call as long as this, what the call itself costs cannot be seen. */
const longCall = 0.25;

const now = performance.now.bind(performance);

export interface PreparedSide {
  readonly name: string;
  /** Its result, awaited. */
  readonly value: unknown;
  readonly runner: Runner;
  readonly loop: BenchSide["loop"];
  readonly overhead?: Estimate;
  readonly versions: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly first: number;
  readonly compile?: number;
  readonly start?: number;
  /** Whether another process does the work, whose processor time is not in this one's. */
  readonly elsewhere: boolean;
}

/** A side that this machine cannot run. */
export interface NotRun {
  readonly why: string;
  readonly error: unknown;
}

export function isNotRun(outcome: PreparedSide | NotRun): outcome is NotRun {
  return "why" in outcome;
}

/**
 * Runs a side once for its result, and makes what repeats it: its own runtime where it is one call of Rust or Python,
 * a loop here for anything else. Throws what the side throws, unless it says that something is missing here.
 */
export async function prepare(
  side: Side,
  context: EngineContext,
  cold = false,
): Promise<PreparedSide | NotRun> {
  try {
    if (side.external) return await prepareExternal(side.name, side.external, context);
    const before = now();
    const returned = side.run();
    const awaits = isThenable(returned);
    const value = awaits ? await returned : returned;
    const firstCall = (now() - before) / 1000;
    const first = firstCall;
    const here = { firstCall, sample: loopOf(() => side.run(), awaits) };
    const call = side.call?.();
    const native = call && (await nativeCall(call));
    if (!native) {
      return {
        name: side.name,
        value,
        runner: here,
        loop: "typescript",
        versions: {},
        first,
        elsewhere: false,
      };
    }
    const { loop, versions, compile } = native;
    const overhead = firstCall < longCall && (await callOverhead(here, native, context.signal));
    const runner: Runner = { firstCall, sample: (calls) => native.sample(calls) };
    const elsewhere = loop === "python";
    const start = cold ? await native.start?.() : undefined;
    return {
      name: side.name,
      value,
      runner,
      loop,
      ...(overhead && { overhead }),
      ...(compile !== undefined && { compile }),
      ...(start !== undefined && { start }),
      versions,
      first,
      elsewhere,
    };
  } catch (error) {
    const why = whyMissing(error);
    if (why === undefined) throw error;
    return { why, error };
  }
}

async function prepareExternal(
  name: string,
  external: External,
  { folder, signal }: EngineContext,
): Promise<PreparedSide> {
  const start = now();
  const value = await runExternal(external, folder, signal);
  const first = (now() - start) / 1000;
  const runner: Runner = { firstCall: first, sample: externalLoop(external, folder, signal) };
  return {
    name,
    value,
    runner,
    loop: external.kind,
    versions: {},
    first,
    elsewhere: external.kind === "shell",
  };
}

/** Errors of the catalogue that say what this machine lacks, and how to get it. */
const lacks: readonly string[] = [
  "pythonMissing",
  "pythonNotThere",
  "pythonCannotStart",
  "pythonTooOld",
  "rustMissing",
  "addonMissing",
  "addonBroken",
] satisfies ErrorCode[];

/** What is missing and what to do about it; undefined where the error is the side's own fault. */
function whyMissing(error: unknown): string | undefined {
  if (error instanceof ReferenceError) {
    return `${error.message}: the cell that defines it has not run, or could not run here.`;
  }
  // A module that Python lacks; what raised it may say how it is installed.
  if (error instanceof PythonError && error.name === "ModuleNotFoundError") return error.message;
  // An error that came from the kernel's process has the entry's code, but is no TandemError here.
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return lacks.includes(code) ? (error as Error).message : undefined;
}
