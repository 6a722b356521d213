import type { CellDiagnostic, MagicCell, Place, Suggestion } from "../cells/magic.ts";
import type { Part, Session } from "../cells/session.ts";
import { parseCell } from "./addon.ts";
import { dependenciesOf, rustText } from "./cell-text.ts";
import type { RustSource } from "./compile.ts";
import { type Crates, foundCrates } from "./crates.ts";
import { earlierRustCells } from "./earlier.ts";
import { checkCell } from "./expect.ts";
import type { RustExports, RustProblem } from "./exports.ts";
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
        cell.source,
        dependencies.map(({ name }) => name),
      ),
    ];
  const needed = above.needed(exports);
  const source: RustSource = { text, exports, needed, debug: false };
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
  const toolchain = await session.part(rustToolchain).find();
  const { diagnostics } = await checkCell(source, toolchain, crates, cell.signal);
  return [...ofCompiler(diagnostics, source.text), ...ofExports(source.exports, source.text)];
}

/** What the compiler says of a cell, at its places. */
export function ofCompiler(said: readonly RustDiagnostic[], text: string): CellDiagnostic[] {
  const lines = text.split("\n");
  return said.flatMap((one) => ofRustc(one, lines));
}

/** What of a cell has no counterpart in TypeScript. */
export function ofExports({ problems }: RustExports, text: string): CellDiagnostic[] {
  const lines = text.split("\n");
  return problems.map((one) => ofProblem(one, lines));
}

function ofRustc(diagnostic: RustDiagnostic, lines: readonly string[]): CellDiagnostic[] {
  const { level, message, code, rendered, spans, children } = diagnostic;
  const own = spans.filter(isOwnSpan);
  const primary = own.find(({ primary: is }) => is);
  if (!primary || (level !== "error" && level !== "warning")) return [];
  const place = (span: RustSpan) =>
    isOwnSpan(span) ? placeOf(span, lines) : { ...placeOf(span, []), file: span.file };
  const notes = children.flatMap((child) => {
    const [at] = child.spans;
    return at && at.replacement === null ? [{ ...place(at), message: child.message }] : [];
  });
  const labels = spans.flatMap((span) =>
    span.label === null || span === primary ? [] : [{ ...place(span), message: span.label }],
  );
  const suggestions = children.flatMap((child) => {
    const edits = child.spans.filter((span) => isOwnSpan(span) && span.replacement !== null);
    return alternatives(edits).map((spans): Suggestion => {
      const texts = spans.map(({ replacement }) => replacement ?? "");
      // Which of several it is, or what is to be imported, only the text tells.
      const which =
        spans.length < edits.length || texts.some((text) => /^use /.test(text))
          ? `: ${texts.join(" … ").trim()}`
          : "";
      return {
        message: `${child.message}${which}`,
        certain: spans.every(({ applicability }) => applicability === "MachineApplicable"),
        edits: spans.map((span) => ({ ...placeOf(span, lines), text: span.replacement ?? "" })),
      };
    });
  });
  // Notes without a place say more of it; which lint it is, its code tells.
  const more = children.flatMap((child) =>
    child.spans.length === 0 && !/^`#\[/.test(child.message) ? [child.message] : [],
  );
  return [
    {
      ...placeOf(primary, lines),
      severity: level,
      message: [primary.label ? `${message}: ${primary.label}` : message, ...more].join("\n"),
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

/**
 * The parts of each suggestion. The compiler lists those of all alternatives one after the other: the next one starts where a
 * place comes again.
 */
function alternatives(spans: readonly RustSpan[]): RustSpan[][] {
  const all: RustSpan[][] = [];
  const placed = ({ line, column }: RustSpan) => `${line}:${column}`;
  for (const span of spans) {
    const last = all.at(-1);
    if (!last || last.some((one) => placed(one) === placed(span))) all.push([span]);
    else last.push(span);
  }
  return all;
}

const isOwnSpan = ({ file }: RustSpan): boolean => file === "cell.rs";

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

/** Why a cell with crates is not checked yet, on its magic line. */
export function notBuilt(cellText: string, names: readonly string[]): CellDiagnostic {
  const [first = ""] = cellText.split("\n", 1);
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

/**
 * From the compiler's lines and columns, which count from 1 and by characters, to an editor's: from 0 and by UTF-16 units. Of
 * what is not in `lines` the columns stay characters.
 */
export function placeOf(
  span: Pick<RustSpan, "line" | "column" | "endLine" | "endColumn">,
  lines: readonly string[],
): { start: Place; end: Place } {
  const at = (line: number, column: number): Place => ({
    line: line - 1,
    character: charactersBefore(lines[line - 1], column),
  });
  return { start: at(span.line, span.column), end: at(span.endLine, span.endColumn) };
}

function charactersBefore(line: string | undefined, column: number): number {
  return line === undefined ? column - 1 : [...line].slice(0, column - 1).join("").length;
}
