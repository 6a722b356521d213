import { fail } from "../errors.ts";
import type { Cell } from "./cell.ts";
import type { Part } from "./session.ts";

/** Answers the engine's `ask("stdin.input", { prompt, password })` by the person at the front end. */
export function stdin(): Part {
  let current: Cell | undefined;
  return {
    handlers: {
      async input({
        prompt = "",
        password = false,
      }: {
        prompt?: string;
        password?: boolean;
      }): Promise<string> {
        if (!current?.input) throw fail("noStdin");
        return current.input(String(prompt), password === true);
      },
    },
    cellStarts(cell) {
      current = cell;
    },
    async close() {},
  };
}
