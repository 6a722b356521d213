import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { PythonRequest } from "./client.ts";
import { connectionsOf } from "./connections.ts";
import { createPy } from "./proxy.ts";
import type { RunnerAddress } from "./socket.ts";
import { sharedArray } from "./tandem-array.ts";
import { typeOf } from "./value-type.ts";

/** What the kernel's half asks of this one. */
export interface Send {
  runner: RunnerAddress;
  names: readonly string[];
}
export interface Fetch extends Send {
  /** Ints become numbers. */
  int: boolean;
}

/** Python in the engine: values in and out by name, and the global `py`. */
export const python: EnginePart = {
  handlers: {
    use: ({ runner }: { runner: RunnerAddress }, context: EngineContext) =>
      connectionsOf(context).use(runner),

    /** Sets names of the notebook's scope in Python. */
    send: async ({ runner, names }: Send, context: EngineContext) => {
      const values = names.map((name) => [name, read(name, context)] as const);
      const request = new PythonRequest("set", (encoder) => ({
        values: Object.fromEntries(values.map(([name, value]) => [name, encoder.encode(value, name)])),
      }));
      const connections = connectionsOf(context);
      await connections.deliver(connections.at(runner), request);
    },

    /** Declares names with their values in Python. Resolves to their types, as TypeScript writes them. */
    fetch: async ({ runner, names, int }: Fetch, context: EngineContext): Promise<Record<string, string>> => {
      const connections = connectionsOf(context);
      // The runner answers with an object of these names.
      const request = new PythonRequest("get", () => ({ names, int }));
      const values = (await connections.deliver(connections.at(runner), request)) as Record<string, unknown>;
      for (const name of names) context.define(name, values[name]);
      return Object.fromEntries(names.map((name) => [name, typeOf(values[name])]));
    },
  },
  globals: (context) => ({ py: createPy(connectionsOf(context)), tandem: { array: sharedArray } }),
};

function read(name: string, context: EngineContext): unknown {
  try {
    return context.read(name);
  } catch (error) {
    if (error instanceof Error && error.name === "ReferenceError") throw fail("pythonNotDeclared", name);
    throw error;
  }
}
