import { execFile } from "node:child_process";
import { readlinkSync } from "node:fs";
import { promisify } from "node:util";
import { PythonRequest } from "../python/client.ts";
import { pythonName } from "../python/proxy.ts";

/** `{ CPython: "3.13.1 without the interpreter lock" }`, of the interpreter that a Python function lives in. */
export async function pythonVersion(callee: unknown): Promise<Record<string, string>> {
  const name = pythonName(callee);
  if (!name) return {};
  const client = await name.connections.get(name.python);
  const call = (...path: string[]) => client.send(new PythonRequest("call", () => ({ path, arguments: [] })));
  const implementation = await call("platform", "python_implementation");
  const version = await call("platform", "python_version");
  // Only interpreters that can run without the lock have the question.
  const locked = await call("sys", "_is_gil_enabled").catch(() => true);
  return { [String(implementation)]: `${version}${locked === false ? " without the interpreter lock" : ""}` };
}

const run = promisify(execFile);

/** Seconds in which the interpreter of a Python function starts and ends with nothing to do: the middle of three. */
export async function pythonStart(callee: unknown): Promise<number | undefined> {
  const name = pythonName(callee);
  if (!name) return undefined;
  const client = await name.connections.get(name.python);
  const pid = await client.send(new PythonRequest("call", () => ({ path: ["os", "getpid"], arguments: [] })));
  let program: string;
  try {
    program = readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return undefined;
  }
  const times: number[] = [];
  for (let start = 0; start < 3; start++) {
    const before = performance.now();
    await run(program, ["-c", ""]);
    times.push((performance.now() - before) / 1000);
  }
  return times.sort((a, b) => a - b)[1];
}
