import { isPythonFunction, timePythonCall } from "../python/time.ts";
import { timeCalls } from "../rust/addon.ts";
import { readManifest } from "../rust/compile.ts";
import { type RustOrigin, rustOrigin } from "../rust/registry.ts";
import { pythonStart, pythonVersion } from "./python-version.ts";
import type { Runner } from "./rounds.ts";

/** A call that its own runtime can repeat, by its own clock. */
export interface NativeCall extends Runner {
  readonly loop: "rust" | "python";
  /** Seconds that the compiler took. */
  readonly compile?: number;
  /** Measures the seconds in which its runtime starts with nothing to do; undefined where that cannot be told. */
  start?(): Promise<number | undefined>;
  /** Of what runs it: name → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One call: the function and the values of its arguments. */
export interface CallValue {
  readonly callee: unknown;
  readonly args: readonly unknown[];
}

/** The call as its runtime repeats it; undefined where the function is TypeScript's own. */
export async function nativeCall(call: CallValue): Promise<NativeCall | undefined> {
  if (isPythonFunction(call.callee)) return await pythonCall(call);
  const origin = rustOrigin(call.callee);
  // Work on another thread cannot be repeated from this one.
  return origin && !origin.async ? rustCall(origin, call.args) : undefined;
}

function rustCall({ id, library }: RustOrigin, args: readonly unknown[]): NativeCall {
  const { compiler, seconds } = readManifest(library);
  return {
    loop: "rust",
    versions: { rustc: compiler },
    ...(seconds !== undefined && { compile: seconds }),
    async sample(calls) {
      const before = process.cpuUsage();
      const { ns } = timeCalls(id, args, calls);
      const { user, system } = process.cpuUsage(before);
      return { seconds: ns / 1e9, cpuSeconds: (user + system) / 1e6 };
    },
  };
}

async function pythonCall({ callee, args }: CallValue): Promise<NativeCall> {
  return {
    loop: "python",
    versions: await pythonVersion(callee),
    async sample(calls) {
      const { ns, cpuSeconds, collections, collectionNs, resident } = await timePythonCall(
        callee,
        args,
        calls,
      );
      return {
        seconds: ns / 1e9,
        cpuSeconds,
        ...(resident !== null && { resident }),
        collections: { count: collections, seconds: collectionNs / 1e9 },
      };
    },
    start: () => pythonStart(callee),
  };
}
