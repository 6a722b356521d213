import { PythonRequest } from "./client.ts";
import type { PythonConnections } from "./connections.ts";

/** What a proxy stands for: a dotted name in the interpreter that `py` means, or in a named one. */
export interface PythonName {
  readonly connections: PythonConnections;
  readonly python: string | undefined;
  readonly path: readonly string[];
}

const names = new WeakMap<object, PythonName>();

/** What a value stands for, if it is `py.f`, `py.module.f` or the like. */
export function pythonName(value: unknown): PythonName | undefined {
  return typeof value === "function" ? names.get(value) : undefined;
}

/**
 * The global `py`: `py.f(1)` calls and `await py.x` reads a name of the Python cells, a builtin or a module's
 * (`py.math.sqrt(2)`); `py("path")` is the same for another interpreter.
 */
export function createPy(connections: PythonConnections, python?: string): unknown {
  // A function, since it is called; its own properties are out of reach.
  const target = () => {};
  return new Proxy(target, {
    apply: (_target, _this, [name]: unknown[]) => createPy(connections, String(name)),
    get: (_target, name) =>
      // `await py` and the like look for a `then`: py itself is no promise.
      typeof name === "symbol" || name === "then"
        ? undefined
        : nameProxy({ connections, python, path: [name] }),
  });
}

function nameProxy(name: PythonName): unknown {
  const { connections, python, path } = name;
  const target = () => {};
  Object.defineProperty(target, "name", { value: `py.${path.join(".")}` });
  const proxy = new Proxy(target, {
    apply: (_target, _this, args: unknown[]) => call(name, args),
    get: (_target, key) => {
      if (typeof key === "symbol") return undefined;
      if (key === "then") return then(name);
      return nameProxy({ connections, python, path: [...path, key] });
    },
  });
  names.set(proxy, name);
  return proxy;
}

async function call(name: PythonName, args: readonly unknown[]): Promise<unknown> {
  const request = callRequest("call", name, args);
  return await name.connections.deliver(name.connections.get(name.python), request);
}

/** A request about one call: `call` it, or `time` it with what `more` says. */
export function callRequest(
  method: "call" | "time",
  { path }: PythonName,
  args: readonly unknown[],
  more: object = {},
): PythonRequest {
  return new PythonRequest(method, (encoder) => ({
    path,
    arguments: args.map((arg, index) => encoder.encode(arg, `argument ${index + 1} of py.${path.join(".")}`)),
    ...more,
  }));
}

/** `await py.x` reads the value. */
function then({ connections, python, path }: PythonName): PromiseLike<unknown>["then"] {
  return async (onValue, onError) => {
    const request = new PythonRequest("read", () => ({ path }));
    return await connections.deliver(connections.get(python), request).then(onValue, onError);
  };
}
