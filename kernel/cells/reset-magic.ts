import { fail } from "../errors.ts";
import type { LineMagic } from "./magic.ts";

/** `%reset`: a fresh engine. */
export const reset: LineMagic = {
  name: "reset",
  summary: "forget all variables: a fresh engine takes over",
  options: [{ long: "force", short: "f", help: "without asking" }],
  example: "%reset -f",
  details:
    "Variables of TypeScript, Rust and Python, commands in the background, `%cd` and `%env` are gone; settings, execution counts and the history stay. " +
    "It asks first; where nobody can answer, it needs `-f`.",
  async run({ cell, options }, session) {
    if (!options.has("force")) {
      if (!cell.input) throw fail("resetUnasked");
      const answer = await cell.input("Forget all variables of this notebook? (y/n) ", false);
      if (!/^\s*y(es)?\s*$/i.test(answer)) {
        cell.output.stream("stdout", "Nothing was forgotten.\n");
        return { status: "ok" };
      }
    }
    await session.reset("%reset asked for a fresh one.");
    return { status: "ok" };
  },
};
