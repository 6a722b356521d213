import type { EnginePart } from "../engine/part.ts";

/** The engine's part of magics that are only about the notebook's names. */
export const cells: EnginePart = {
  handlers: {
    /** Declares a name, and makes its value the last one. */
    define({ name, value }: { name: string; value: unknown }, context): void {
      context.define(name, value);
      (globalThis as { _?: unknown })._ = value;
    },
  },
};
