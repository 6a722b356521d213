import type { EnginePart, EngineTime } from "../engine/part.ts";

/** The value of the last cell that had one, as user code finds it. */
const last = globalThis as { _?: unknown };

/** The engine's part of magics that are only about the notebook's names and its TypeScript. */
export const cells: EnginePart = {
  handlers: {
    /** Declares a name, and makes its value the last one. */
    define({ name, value }: { name: string; value: unknown }, context): void {
      context.define(name, value);
      last._ = value;
    },

    /** Declares a name for the last value, or for undefined where the cell had none. */
    keep({ name, valued }: { name: string; valued: boolean }, context): void {
      context.define(name, valued ? last._ : undefined);
    },

    /** What cells took so far. */
    time: (_: unknown, { time }): EngineTime => time,
  },
};
