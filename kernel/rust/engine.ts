import type { EngineContext, EnginePart } from "../engine/part.ts";
import { loadLibrary } from "./load.ts";
import { notebookName } from "./names.ts";

/** What `rust.load` takes. */
export interface Load {
  readonly library: string;
  readonly file: string;
  readonly namespace: string | undefined;
  readonly bigAsNumber: boolean;
}

/** Rust in the engine: compiled cells are loaded into the process of the notebook's values. */
export const rust: EnginePart = {
  handlers: {
    load({ library, file, namespace, bigAsNumber }: Load, context: EngineContext): string[] {
      const functions = [...loadLibrary(library, file, bigAsNumber)].map(
        ([name, fn]) => [notebookName(name), fn] as const,
      );
      if (namespace === undefined) for (const [name, fn] of functions) context.define(name, fn);
      else context.define(namespace, Object.fromEntries(functions));
      return functions.map(([name]) => name);
    },
  },
};
