import type { EngineContext, EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";
import { loadIsolated } from "./isolated/cell.ts";
import { loadLibrary } from "./load.ts";
import { notebookName } from "./names.ts";
import { rustSpans } from "./spans.ts";
import { swapWhenBuilt } from "./swaps.ts";

/** What `rust.load` takes. */
export interface Load {
  readonly library: string;
  readonly file: string;
  readonly namespace: string | undefined;
  readonly bigAsNumber: boolean;
  /** An optimised build will follow. */
  readonly quick?: boolean;
  /** Its code runs in a process of its own. */
  readonly isolated?: boolean;
}

/** What `rust.missing` takes: the functions of a cell that nothing here can compile. */
export interface Missing {
  readonly names: readonly string[];
  readonly namespace: string | undefined;
}

/** What `rust.declare` takes. */
export interface Declare {
  readonly name: string;
  readonly value: unknown;
}

/** Rust in the engine: compiled cells are loaded into the process of the notebook's values. */
export const rust: EnginePart = {
  globals: () => ({ rustSpans }),
  handlers: {
    load(load: Load, context: EngineContext): string[] {
      const { library, file, namespace, bigAsNumber, quick, isolated } = load;
      const declared = isolated
        ? loadIsolated(library, file, bigAsNumber, () => context.signal)
        : loadLibrary(library, file, bigAsNumber).declared;
      if (quick) swapWhenBuilt(library, file, context);
      declare([...declared], namespace, context);
      return [...declared.keys()];
    },

    declare({ name, value }: Declare, context: EngineContext): void {
      context.define(name, value);
    },

    missing({ names, namespace }: Missing, context: EngineContext): void {
      const refuse = () => {
        throw fail("rustMissing");
      };
      const functions = names.map(
        (name) => [notebookName(name), Object.assign(refuse, { async: refuse })] as const,
      );
      declare(functions, namespace, context);
    },
  },
};

function declare(
  functions: readonly (readonly [name: string, fn: unknown])[],
  namespace: string | undefined,
  context: EngineContext,
): void {
  if (namespace === undefined) for (const [name, fn] of functions) context.define(name, fn);
  else context.define(namespace, Object.fromEntries(functions));
}
