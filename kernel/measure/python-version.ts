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
