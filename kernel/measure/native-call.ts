import type { EngineContext } from "../engine/part.ts";
import type { BenchSide } from "./result.ts";
import type { Runner } from "./rounds.ts";

/** A call that its own runtime can repeat, by its own clock. */
export interface NativeCall extends Runner {
  readonly loop: Exclude<BenchSide["loop"], "typescript">;
  /** Of what runs it: name → version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One call: the function's value, how it was written (`py.f`), and the values of its arguments. */
export interface CallValue {
  readonly callee: unknown;
  readonly path: string;
  readonly args: readonly unknown[];
}

/** The call as its runtime repeats it; undefined where the function is TypeScript's own. */
export async function nativeCall(_call: CallValue, _context: EngineContext): Promise<NativeCall | undefined> {
  return undefined;
}
