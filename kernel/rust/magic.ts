import type { CellOutcome } from "../cells/cell.ts";
import { canBeDeclared } from "../cells/line-words.ts";
import type { CellMagic, MagicArguments, MagicCell, TypeView } from "../cells/magic.ts";
import { optionNames } from "../cells/option-values.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { pythonInterpreters } from "../python/interpreters.ts";
import { parseCell } from "./addon.ts";
import { cacheKeeper } from "./cache-keeper.ts";
import { compileError, problemsError, withCellName } from "./cell-error.ts";
import { dependenciesOf, rustText } from "./cell-text.ts";
import { compile, findCompiled, type RustSource } from "./compile.ts";
import type { Crates } from "./crates.ts";
import { declarations } from "./declarations.ts";
import { diagnoseRust } from "./diagnose.ts";
import { earlierRustCells } from "./earlier.ts";
import type { Declare, Load, Missing } from "./engine.ts";
import { checkCell, judge, type Refusal, refusedText } from "./expect.ts";
import { refuseIsolated } from "./isolated/cell.ts";
import { notebookCrates } from "./notebook-crates.ts";
import { sharesLibraries } from "./prelude.ts";
import { canSwap, rustTiers } from "./tiers.ts";
import { rustToolchain, type Toolchain } from "./toolchain.ts";
import { runUnitTests, testsError, testTable } from "./unit-tests.ts";

const REFUSAL = "{ code: string; message: string; line: number | null; ms: number }";
const TESTS = '{ name: string; result: "ok" | "failed" | "ignored"; ms: number; message: string }[]';

/** `%%rust`: every `pub fn` of the cell becomes a typed function of the next TypeScript cells. */
export const rustMagic: CellMagic = {
  name: "rust",
  summary:
    "Compile the cell and use its pub functions, structs, enums and constants from TypeScript, f(x) in place or f.async(x) on a thread",
  options: [
    {
      long: "dep",
      value: "name=version",
      repeats: true,
      help: "a crate from crates.io; without a version the newest; :dep lines say more",
    },
    {
      long: "isolate",
      help: "run the code in a process of its own, which may crash, exit or be ended without harm to the notebook",
    },
    { long: "debug", help: "overflow checks and assertions on, optimisation off" },
    { long: "as", value: "name", help: "put the functions into an object of this name" },
    {
      long: "int64",
      value: "number",
      help: "64- and 128-bit results as numbers, where they are safe integers",
      values: ["number"],
    },
    {
      long: "test",
      help: "run the cell's #[test] functions and show a table; a failing test fails the cell",
    },
    {
      long: "expect",
      value: "E0382",
      help: "the cell must not compile: passes on just this error (a code, a lint's name, several with commas)",
    },
  ],
  extension: "rs",
  example:
    "%%rust\npub fn fib(n: u32) -> u64 {\n    if n < 2 { n as u64 } else { fib(n - 1) + fib(n - 2) }\n}",

  check: (given) => void readOptions(given),

  async run(cell, session): Promise<CellOutcome> {
    const options = readOptions(cell);
    const text = rustText(cell);
    const above = session.part(earlierRustCells);
    const exports = parseCell(text, above.exports());
    const refused = options.expect.length > 0;
    if (exports.problems.length > 0 && !refused) {
      return { status: "error", error: problemsError(exports.problems, text, cell.file) };
    }
    if (options.isolated && !refused) refuseIsolated(exports);
    const toolchain = await session
      .part(rustToolchain)
      .find()
      .catch(async (error: unknown) => {
        // Later cells then hear what is missing instead of "fib is not defined".
        const names = exports.functions.filter(({ owner }) => owner === null).map(({ name }) => name);
        const missing: Missing = { names, namespace: options.namespace };
        await session.engine.call(cell, "rust.missing", missing);
        session.part(pythonInterpreters).addRustCell({ refusal: "rustMissing", names });
        throw error;
      });
    const ofNotebook = session.part(notebookCrates);
    const dependencies = dependenciesOf(cell, session.folder);
    const crates = await ofNotebook.build(ofNotebook.wanted(dependencies, exports.used), toolchain, cell);
    const tiers = session.part(rustTiers);
    const needed = above.needed(exports);
    if (needed.cells.length > 0) {
      if (!sharesLibraries(toolchain)) throw fail("rustAcrossCells");
      // Later cells are linked with the optimised builds alone.
      await tiers.built(
        needed.cells.map(({ library }) => library),
        cell.signal,
      );
    }
    const source = { text, exports, needed, debug: options.debug };
    if (refused) return expectRefusal(source, toolchain, crates, cell, session, options.expect);
    if (options.test) {
      const end = await runUnitTests(source, toolchain, crates, cell.file, cell.signal);
      if (!end.ok) return { status: "error", error: compileError(end.errors, end.otherwise, cell.file) };
      cell.output.display(testTable(end.tests));
      await declareOut(cell, session, end.tests);
      const error = testsError(end.tests);
      if (error) return { status: "error", error };
    }
    const optimised = await findCompiled(source, toolchain, crates, cell.signal);
    // Where nobody sits and waits, the next cell is better served by the optimised code.
    const swaps = !options.debug && !options.isolated && canSwap(exports, text);
    const quick = swaps && !optimised.there && cell.input !== undefined;
    const compiled = await compile({ ...source, quick }, toolchain, crates, cell.signal);
    if (!compiled.ok) {
      return { status: "error", error: compileError(compiled.errors, compiled.otherwise, cell.file) };
    }
    for (const warning of compiled.warnings) cell.output.stream("stderr", withCellName(warning, cell.file));
    const { namespace, bigAsNumber, isolated } = options;
    if (!compiled.cached) session.part(cacheKeeper).grown();
    let loaded = () => {};
    if (quick) {
      // Even to start the compiler takes some milliseconds, which the cell need not wait for.
      const begin = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      tiers.start(compiled.library, optimised.library, async (signal) => {
        await begin;
        return compile(source, toolchain, crates, signal, undefined, "low");
      });
    }
    const load: Load = {
      library: compiled.library,
      file: cell.file,
      namespace,
      bigAsNumber,
      quick,
      isolated,
    };
    await session.engine.call(cell, "rust.load", load).finally(loaded);
    const { name, library } = optimised;
    session
      .part(pythonInterpreters)
      .addRustCell(
        isolated
          ? { refusal: "pythonRustIsolated", names: exports.offers }
          : { library: compiled.library, optimised: library, file: cell.file, namespace: namespace ?? null },
      );
    for (const { file, names } of above.add(
      { name, library, file: cell.file },
      exports,
      needed,
      crates.args,
    )) {
      const what = names.map((one) => `\`${one}\``).join(", ");
      cell.output.stream(
        "stderr",
        `${file} goes on using the earlier ${what}; run it again to use this one.\n`,
      );
    }
    return { status: "ok" };
  },

  diagnose: diagnoseRust,

  async typeView(cell, session): Promise<TypeView> {
    const { namespace, bigAsNumber, expect, test } = readOptions(cell);
    const text = rustText(cell);
    const exports = parseCell(text, session.part(earlierRustCells).exports());
    const { types: earlier } = session.part(earlierRustCells).exports();
    const name = cell.options.get("out");
    const type = expect.length > 0 ? REFUSAL : test ? TESTS : undefined;
    const out = typeof name === "string" && type ? `declare let ${name}: ${type};\n` : "";
    const declared = expect.length > 0 ? "" : declarations(exports, { namespace, bigAsNumber, earlier });
    return { text: `${"\n".repeat(text.split("\n").length)}${out}${declared}` };
  },

  async declare(body, { number, file }, session) {
    const above = session.part(earlierRustCells);
    const exports = parseCell(rustText({ body }), above.exports());
    above.add({ name: `cell_${number}`, library: "", file }, exports, above.needed(exports), []);
  },
};

/** `--expect`: the cell passes where the compiler refuses it for just these reasons. */
async function expectRefusal(
  source: RustSource,
  toolchain: Toolchain,
  crates: Crates,
  cell: MagicCell,
  session: Session,
  expected: readonly string[],
): Promise<CellOutcome> {
  const started = performance.now();
  const end = await checkCell(source, toolchain, crates, cell.signal);
  const ms = performance.now() - started;
  const { outcome, errors } = judge(end, expected, cell.file);
  if (outcome.status === "error") return outcome;
  cell.output.stream("stdout", refusedText(errors, cell.file));
  const [first] = errors;
  const { message = "", line = null } = first ?? {};
  await declareOut(cell, session, { code: expected.join(", "), message, line, ms } satisfies Refusal);
  return outcome;
}

/** Declares what a cell came to under the name of `--out`. */
async function declareOut(cell: MagicCell, session: Session, value: unknown): Promise<void> {
  const name = cell.options.get("out");
  if (typeof name !== "string") return;
  if (!canBeDeclared(name)) throw fail("outName", "%%rust", name);
  await session.engine.call(cell, "rust.declare", { name, value } satisfies Declare);
}

function readOptions({ options }: MagicArguments) {
  const as = options.get("as");
  const int64 = options.get("int64");
  if (int64 !== undefined && int64 !== "number") throw fail("rustOption", "--int64", String(int64), "number");
  if (as !== undefined && !/^[A-Za-z_$][\w$]*$/.test(String(as))) {
    throw fail("rustOption", "--as", String(as), "a name");
  }
  return {
    debug: options.get("debug") === true,
    isolated: options.get("isolate") === true,
    namespace: typeof as === "string" ? as : undefined,
    bigAsNumber: int64 === "number",
    test: options.get("test") === true,
    expect: optionNames(options, "expect"),
  };
}
