import { isPythonFunction, timePythonCall } from "../python/time.ts";
import { pythonVersion } from "./python-version.ts";
import type { BenchSide } from "./result.ts";
import type { Runner } from "./rounds.ts";

/** A call that its own runtime can repeat, by its own clock. */
export interface NativeCall extends Runner {
  readonly loop: Exclude<BenchSide["loop"], "typescript">;
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
  return undefined;
}

async function pythonCall({ callee, args }: CallValue): Promise<NativeCall> {
  return {
    loop: "python",
    versions: await pythonVersion(callee),
    async sample(calls) {
      const { ns, cpuSeconds } = await timePythonCall(callee, args, calls);
      return { seconds: ns / 1e9, cpuSeconds };
    },
  };
}
