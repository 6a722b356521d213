import type { CellDiagnostic, MagicCell, Place, Suggestion } from "../cells/magic.ts";
import type { Part, Session } from "../cells/session.ts";
import { parseCell } from "./addon.ts";
import { dependenciesOf, rustText } from "./cell-text.ts";
import { needsNothing, type RustSource } from "./compile.ts";
import { type Crates, foundCrates } from "./crates.ts";
import { earlierRustCells } from "./earlier.ts";
import { checkCell } from "./expect.ts";
import type { RustProblem } from "./exports.ts";
import { lockOf, notebookCrates } from "./notebook-crates.ts";
import type { RustDiagnostic, RustSpan } from "./rustc.ts";
import { rustToolchain } from "./toolchain.ts";

/** How many cells' diagnostics are remembered. */
const REMEMBERED = 100;

/** What was found before, by all that it depends on. */
interface Found extends Part {
  readonly byKey: Map<string, readonly CellDiagnostic[]>;
}
const foundBefore = (): Found => ({ byKey: new Map(), async close() {} });

/**
 * What rustc says of a cell without building it, and what has no counterpart in TypeScript. Crates are those that a cell
 * which ran has built: nothing is fetched or built while somebody types.
 */
export async function diagnoseRust(cell: MagicCell, session: Session): Promise<readonly CellDiagnostic[]> {
  const text = rustText(cell);
  const above = session.part(earlierRustCells);
  const exports = parseCell(text, above.exports());
  const dependencies = session
    .part(notebookCrates)
    .wanted(dependenciesOf(cell, session.folder), exports.used);
  const toolchain = await session.part(rustToolchain).find();
  const crates = foundCrates({ dependencies, lock: lockOf(session.folder), say() {} }, toolchain);
  if (!crates)
    return [
      notBuilt(
        cell,
        dependencies.map(({ name }) => name),
      ),
    ];
  const needed = above.needed(exports);
  const source: RustSource = {
    text,
    exports,
    needed: needed.cells.length > 0 ? needed : needsNothing,
    debug: false,
  };
  const { byKey } = session.part(foundBefore);
  const key = JSON.stringify([text, crates.args, needed, toolchain.version]);
  const before = byKey.get(key);
  if (before) return before;
  const found = await check(source, crates, cell, session);
  byKey.set(key, found);
  for (const oldest of byKey.keys()) if (byKey.size > REMEMBERED) byKey.delete(oldest);
  return found;
}

async function check(
  source: RustSource,
  crates: Crates,
  cell: MagicCell,
  session: Session,
): Promise<readonly CellDiagnostic[]> {
  const lines = source.text.split("\n");
  const toolchain = await session.part(rustToolchain).find();
  const { diagnostics } = await checkCell(source, toolchain, crates, cell.signal);
  const problems = source.exports.problems.map((one) => ofProblem(one, lines));
  return [...diagnostics.flatMap((one) => ofRustc(one, lines)), ...problems];
}

function ofRustc(diagnostic: RustDiagnostic, lines: readonly string[]): CellDiagnostic[] {
  const { level, message, code, rendered, spans, children } = diagnostic;
  const own = spans.filter(({ file }) => file === "cell.rs");
  const primary = own.find(({ primary: is }) => is);
  if (!primary || (level !== "error" && level !== "warning")) return [];
  const place = (span: RustSpan) => placeOf(span, lines);
  const notes = children.flatMap((child) => {
    const at = child.spans.find(({ file }) => file === "cell.rs");
    return at ? [{ ...place(at), message: child.message }] : [];
  });
  const labels = own.flatMap((span) =>
    span.label === null || span === primary ? [] : [{ ...place(span), message: span.label }],
  );
  const suggestions = children.flatMap((child): Suggestion[] => {
    const edits = child.spans.filter(({ file, replacement }) => file === "cell.rs" && replacement !== null);
    if (edits.length === 0) return [];
    return [
      {
        message: child.message,
        certain: edits.every(({ applicability }) => applicability === "MachineApplicable"),
        edits: edits.map((span) => ({ ...place(span), text: span.replacement ?? "" })),
      },
    ];
  });
  return [
    {
      ...place(primary),
      severity: level,
      message: primary.label ? `${message}: ${primary.label}` : message,
      source: "rustc",
      ...(code !== undefined && { code }),
      ...(code !== undefined &&
        /^E\d{4}$/.test(code) && { href: `https://doc.rust-lang.org/error_codes/${code}.html` }),
      rendered,
      related: [...labels, ...notes],
      suggestions,
    },
  ];
}

function ofProblem(problem: RustProblem, lines: readonly string[]): CellDiagnostic {
  const { line, column, endLine, endColumn, message, instead } = problem;
  return {
    ...placeOf({ line, column, endLine, endColumn }, lines),
    severity: "error",
    message: `${message} ${instead}`,
    source: "tandem",
    related: [],
    suggestions: [],
  };
}

function notBuilt(cell: MagicCell, names: readonly string[]): CellDiagnostic {
  const [first = ""] = cell.source.split("\n", 1);
  return {
    start: { line: 0, character: 0 },
    end: { line: 0, character: first.length },
    severity: "information",
    message: `${names.join(", ")}: checked when the cell has run once, which builds the crates.`,
    source: "tandem",
    related: [],
    suggestions: [],
  };
}

/** From the compiler's lines and columns, which count from 1 and by characters, to an editor's: from 0 and by UTF-16 units. */
function placeOf(
  span: Pick<RustSpan, "line" | "column" | "endLine" | "endColumn">,
  lines: readonly string[],
): { start: Place; end: Place } {
  const at = (line: number, column: number): Place => ({
    line: line - 1,
    character: [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length,
  });
  return { start: at(span.line, span.column), end: at(span.endLine, span.endColumn) };
}
