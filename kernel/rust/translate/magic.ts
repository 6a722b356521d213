import type { Cell, CellOutcome } from "../../cells/cell.ts";
import type { LineMagic } from "../../cells/magic.ts";
import type { Session } from "../../cells/session.ts";
import { fail } from "../../errors.ts";
import { latestProfile } from "../../profile/latest.ts";
import { parseCell } from "../addon.ts";
import { rustText } from "../cell-text.ts";
import { earlierRustCells } from "../earlier.ts";
import { checkCell } from "../expect.ts";
import { notebookCrates } from "../notebook-crates.ts";
import { rustToolchain } from "../toolchain.ts";
import { type RustCell, rustFromTypeScript } from "./from-typescript.ts";

/** `%torust name`: a function of the notebook as a `%%rust` cell. */
export const torust: LineMagic = {
  name: "torust",
  summary: "write a TypeScript function of the notebook as a %%rust cell",
  rest: "[function]",
  options: [{ long: "print", help: "print the cell instead of inserting it below" }],
  example: "%torust distance",
  details:
    "Without a name the hottest function of the last `%%profile`. The new cell has the function's signature in Rust's types; its body too, where every part of it is " +
    "known to mean the same there: arithmetic, comparisons, conditions, loops, `Math`, arrays of numbers, calls of itself. Else the body is `todo!()` below the original as a comment, and " +
    "what is not translated is told with its line. Either way the cell compiles at once: where Rust is installed, that is checked before it is written. " +
    "A `number` becomes `f64`, so that results are the same to the last bit; it becomes `i64` only where it is an integer beyond doubt: a counter, an index, or the end of a count. " +
    "Front ends insert the cell below (Jupyter's `set_next_input`); where nobody sits in front, it is printed.",
  async run({ cell, rest, options }, session): Promise<CellOutcome> {
    const name = rest.trim() || session.part(latestProfile).hottest[0];
    if (name === undefined) throw fail("nothingToMove");
    const written = await translate(name, cell, session);
    if (!written) throw fail("functionNotFound", name);
    const { text, notes } = await compiling(written, cell, session);
    const print = options.has("print") || !cell.input || !cell.output.nextInput;
    const what =
      written.complete && text === written.text
        ? "with its body"
        : "with its signature; its body is left to you";
    const lines = [
      `${name} as a %%rust cell, ${what}.${print ? "" : " Run the cell below; later cells then call the Rust function by the same name."}`,
      ...notes.map((note) => `  ${note}`),
      ...(print ? ["", text.trimEnd()] : []),
    ];
    cell.output.stream("stdout", `${lines.join("\n")}\n`);
    if (!print) cell.output.nextInput?.(text.trimEnd());
    return { status: "ok" };
  },
};

/** The function as the latest cell that declares it has it. */
async function translate(name: string, cell: Cell, session: Session): Promise<RustCell | undefined> {
  const ran = session.journal.entries.filter(({ end }) => end === "ok").map(({ source }) => source);
  const texts = [...ran, cell.source].map(withoutMagics);
  for (let i = texts.length - 1; i >= 0; i--) {
    const text = texts[i] ?? "";
    if (!rustFromTypeScript(text, name)) continue;
    // Asked of the cell's own text, so that it does not matter how far the service has come.
    const told = await session.types.inspect(text, nameAt(text, name)).catch(() => undefined);
    return rustFromTypeScript(text, name, { around: texts, signature: told?.signature });
  }
  return undefined;
}

/** Where a text declares the name last. */
function nameAt(text: string, name: string): number {
  const declarations = [...text.matchAll(/\b(?:function|const|let|var)\s+([\p{ID_Continue}$]+)/gu)];
  const last = declarations.findLast(([, found]) => found === name);
  return last ? last.index + last[0].length - name.length : 0;
}

/** Lines of magics as comments, so that all others stay where they are. */
const withoutMagics = (source: string): string =>
  source.replace(/^(?:%%?[A-Za-z]\w*(?=\s|$)|![^=\s(])/gm, "//");

/** The cell, its body left out where the compiler will not have it: so what is inserted compiles. */
async function compiling(
  written: RustCell,
  cell: Cell,
  session: Session,
): Promise<{ text: string; notes: readonly string[] }> {
  const toolchain = await session
    .part(rustToolchain)
    .find()
    .catch(() => undefined);
  if (!toolchain) return { ...written, notes: [...written.notes, fail("rustMissing").advice.next] };
  const above = session.part(earlierRustCells);
  const problemOf = async (cellText: string): Promise<string | undefined> => {
    const text = rustText({ body: cellText.slice(cellText.indexOf("\n") + 1) });
    const exports = parseCell(text, above.exports());
    const [problem] = exports.problems;
    if (problem) return problem.message;
    const crates = await session.part(notebookCrates).build([], toolchain, cell);
    const source = { text, exports, needed: above.needed(exports), debug: false };
    const { ok, diagnostics, otherwise } = await checkCell(source, toolchain, crates, cell.signal);
    return ok ? undefined : (diagnostics.find(({ level }) => level === "error")?.message ?? otherwise.trim());
  };
  const problem = await problemOf(written.text);
  if (problem === undefined) return written;
  const left = written.complete ? await problemOf(written.skeleton) : problem;
  const notes = [
    ...written.notes,
    left === undefined
      ? `The body is left to you: the compiler refuses its translation (${problem}).`
      : `The compiler refuses it: ${left}.`,
  ];
  return { text: written.skeleton, notes };
}
