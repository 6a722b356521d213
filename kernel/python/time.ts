import { callRequest, pythonName } from "./proxy.ts";

/** A timing made inside Python, so that no crossing is in it. */
export interface PythonTiming {
  /** Of all iterations together, by Python's monotonic clock. */
  readonly ns: number;
  /** Processor time of the whole interpreter meanwhile. */
  readonly cpuSeconds: number;
  /** What its collector of cycles did meanwhile. */
  readonly collections: number;
  readonly collectionNs: number;
  /** Bytes of the interpreter in memory; null where the system does not tell. */
  readonly resident: number | null;
  /** Of the last iteration. */
  readonly result: unknown;
}

/** Whether a value is `py.f` or the like, which `timePythonCall` can time. */
export function isPythonFunction(value: unknown): boolean {
  return pythonName(value) !== undefined;
}

/** Times `callee(...args)`, where `callee` is `py.f`, in a loop inside Python. The arguments cross once. */
export async function timePythonCall(
  callee: unknown,
  args: readonly unknown[],
  iterations: number,
): Promise<PythonTiming> {
  const name = pythonName(callee);
  if (!name) throw new TypeError("Only a call of py.f, py.module.f and the like can be timed inside Python.");
  const request = callRequest("time", name, args, { iterations });
  // The runner's answer to `time`.
  return (await name.connections.deliver(name.connections.get(name.python), request)) as PythonTiming;
}
