import type { Cell } from "../cells/cell.ts";
import { fileChoices } from "../cells/file-choices.ts";
import type { LineMagic } from "../cells/magic.ts";
import { optionText } from "../cells/option-values.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { pythonInterpreters } from "../python/interpreters.ts";
import { surroundings } from "./run-shell.ts";

/** `%cd`: where TypeScript, Python and commands are from now on. */
export const cd: LineMagic = {
  name: "cd",
  summary: "change the working directory; without a folder to the home directory",
  rest: "[folder]",
  options: [],
  choices: (_before, at) => fileChoices(at, undefined),
  example: "%cd data",
  details:
    "For TypeScript (`process.cwd()`), Python and commands. `%cd -` goes back. Imports are still looked up from the notebook's folder, " +
    "and a fresh engine begins there again.",
  async run({ cell, rest }, session) {
    const path = rest.replace(/^(["'])(.*)\1$/, "$2") || "~";
    // The engine's half of this part answers so.
    const cwd = (await session.engine.call(cell, "shell.cd", { path })) as string;
    await session.part(pythonInterpreters).enter(cell, cwd);
    cell.output.stream("stdout", `${cwd}\n`);
    return { status: "ok" };
  },
};

/** Names whose values are not for a notebook's file. */
const SECRET = /key|token|secret|password|passwd|credential|auth/i;

/** `%env`: the environment of TypeScript, Python and commands. */
export const env: LineMagic = {
  name: "env",
  summary: "show the environment, or a variable of it, or set one",
  rest: "[NAME | NAME=value]",
  options: [{ long: "unset", value: "NAME", help: "remove a variable" }],
  example: "%env RUST_BACKTRACE=1",
  details:
    "For TypeScript (`process.env`), Python and commands; a fresh engine begins with the kernel's environment. The list of all hides " +
    "values whose names say that they are secret, since a notebook keeps what it shows.",
  async run({ cell, rest, options }, session) {
    const unset = optionText(options, "unset");
    if (unset !== undefined) {
      await set(cell, session, unset, undefined);
      return { status: "ok" };
    }
    const [, name, assigned, value = ""] = /^([^\s=]+)(?:(\s*=\s*|\s+)(.*))?$/.exec(rest) ?? [];
    const { env } = await surroundings(cell, session);
    const print = (text: string) => cell.output.stream("stdout", `${text}\n`);
    if (name === undefined) {
      const shown = Object.keys(env)
        .sort()
        .map((one) => `${one}=${SECRET.test(one) && env[one] ? "(hidden)" : env[one]}`);
      print(shown.join("\n"));
    } else if (assigned === undefined) {
      const known = env[name];
      if (known === undefined) throw fail("envMissing", name);
      print(known);
    } else await set(cell, session, name, value.replace(/^(["'])(.*)\1$/, "$2"));
    return { status: "ok" };
  },
};

async function set(cell: Cell, session: Session, name: string, value: string | undefined): Promise<void> {
  await session.engine.call(cell, "shell.setEnv", { name, value });
  await session.part(pythonInterpreters).setEnv(cell, name, value);
}
