import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type LineMagic, type MagicDeclaration, OUT } from "../cells/magic.ts";
import { declaredOut, optionText } from "../cells/option-values.ts";
import { fail } from "../errors.ts";
import { pythonInterpreters } from "../python/interpreters.ts";
import { cargoAdd, cargoLock } from "../rust/cargo-add.ts";
import { findProgram } from "./find-shell.ts";
import { runShell } from "./run-shell.ts";

/** What the magics of tools have in common: all that is no option of theirs is the tool's. */
const tool = {
  rest: "arguments",
  options: [{ ...OUT, help: "declare what it prints on stdout, a string, under this name" }],
  passesOptions: true,
  typeView: async ({ options }) => ({ line: declaredOut(options, "string") }),
} satisfies Partial<LineMagic> & Partial<MagicDeclaration>;

/** `%npm`: the package manager, where the notebook's imports are looked up. */
export const npm: LineMagic = {
  ...tool,
  name: "npm",
  summary: "run npm in the notebook's folder",
  example: "%npm install lodash-es",
  details:
    "What it installs can be imported in the next cell. `%npm --help` shows this help, `%npm help` npm's own.",
  run({ cell, rest, options }, session) {
    return runShell(cell, session, {
      text: `npm ${rest}`,
      cwd: session.folder,
      // npm comes with Node: it may stand beside the Node that runs the kernel.
      env: (around) => withProgram("npm", dirname(process.execPath), around) ?? raise(fail("npmMissing")),
      out: optionText(options, "out"),
    });
  },
};

/** `%cargo`: Rust's package manager. */
export const cargo: LineMagic = {
  ...tool,
  name: "cargo",
  summary: "add crates for the %%rust cells, or run cargo",
  example: "%cargo add serde@1 --features derive",
  details:
    "`%cargo add` builds crates for all `%%rust` cells that follow, with cargo's options `--features`, `--no-default-features` and " +
    "`--path`; `%cargo lock` writes their versions into a Cargo.lock beside the notebook, which is used from then on. All else is " +
    "handed to cargo. `%cargo --help` shows this help, `%cargo help` cargo's own.",
  run(line, session) {
    const { cell, rest, options } = line;
    const [command, ...words] = rest.trim().split(/\s+/);
    if (command === "add") return cargoAdd(words, line, session);
    if (command === "lock") return cargoLock(line, session);
    return runShell(cell, session, {
      text: `cargo ${rest}`,
      env: (around) => {
        const home = around.CARGO_HOME ?? join(homedir(), ".cargo");
        return withProgram("cargo", join(home, "bin"), around) ?? raise(fail("rustMissing"));
      },
      out: optionText(options, "out"),
    });
  },
};

/** `%pip`: for the interpreter of the Python cells. */
export const pip: LineMagic = {
  ...tool,
  name: "pip",
  summary: "run pip of the interpreter that %%python cells use",
  example: "%pip install numpy",
  details:
    "What it installs can be imported in the next `%%python` cell; a module that was imported before stays as it was until the kernel is " +
    "restarted. `%pip --help` shows this help, `%pip help` pip's own.",
  async run({ cell, rest, options }, session) {
    const python = await session.part(pythonInterpreters).interpreter(undefined);
    // PowerShell calls a quoted name by `&`, and doubles a quote.
    const windows = process.platform === "win32";
    const program = `'${python.hello.executable.replaceAll("'", windows ? "''" : "'\\''")}'`;
    const outcome = await runShell(cell, session, {
      text: `${windows ? "& " : ""}${program} -m pip ${rest}`,
      title: `pip ${rest}`,
      // Nobody can answer.
      env: () => ({ PIP_NO_INPUT: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" }),
      out: optionText(options, "out"),
    });
    // The running interpreter may have looked for the module before, and remember that it was not there.
    await quietly(python.run(cell, "\n__import__('importlib').invalidate_caches()", false));
    return outcome;
  },
};

/** A PATH on which a program is found: it may stand in `folder`. Undefined where it is nowhere. */
function withProgram(name: string, folder: string, around: NodeJS.ProcessEnv): { PATH: string } | undefined {
  const PATH = [around.PATH ?? around.Path ?? "", folder].join(delimiter);
  return findProgram(name, { PATH }) ? { PATH } : undefined;
}

function raise(error: Error): never {
  throw error;
}

const quietly = (work: Promise<unknown>) => work.catch(() => undefined);
