import type { Cell, CellOutcome } from "../cells/cell.ts";
import { twoColumns } from "../cells/help.ts";
import type { LineMagic } from "../cells/magic.ts";
import { noOutput } from "../cells/no-output.ts";
import type { Session } from "../cells/session.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { inWords, select } from "./selection.ts";

/** `%recover`: runs the cells again that had run before the engine died. */
export const recover: LineMagic = {
  name: "recover",
  summary: "run again the cells whose variables were lost when the engine died",
  rest: "[1-3 5]",
  options: [{ long: "list", help: "show the cells that ran, and what became of them" }],
  example: "%recover",
  details:
    "When user code ends its process (`process.exit`, no memory left, a crash in native code), the kernel goes on with a fresh one, and " +
    "remembers the cells that had run. `%recover` runs them again in their order, without what they print. It leaves out the cell that ended " +
    "the process and those that had failed; their numbers run them all the same. It stops at a cell that fails, and goes on there when it is called again.",
  async run({ options, rest, cell }, session) {
    if (options.has("list")) {
      cell.output.stream("stdout", list(session.journal));
      return { status: "ok" };
    }
    return replay(rest, cell, session);
  },
};

let displays = 0;

async function replay(words: string, cell: Cell, session: Session): Promise<CellOutcome> {
  const { output } = cell;
  const { chosen, left } = select(session.journal, words);
  if (chosen.length === 0) {
    output.stream(
      "stdout",
      left.length > 0 ? leftOut(left) : "Nothing is lost: what the cells declared is there.\n",
    );
    return { status: "ok" };
  }
  const id = `recover-${++displays}`;
  output.display(text(`Replaying ${count(chosen)} …`), {}, id);
  for (const [done, entry] of chosen.entries()) {
    output.updateDisplay(id, text(`Replaying cell ${entry.number} (${done + 1} of ${chosen.length}) …`));
    const outcome = await again(entry, cell, session);
    if (outcome.status === "ok") continue;
    const rest = chosen.slice(done);
    output.updateDisplay(id, text(`Replayed ${done} of ${count(chosen)}: cell ${entry.number} failed.`));
    output.stream(
      "stderr",
      `Cell ${entry.number} failed; ${inWords(rest)} not replayed. ${outcome.error.evalue}\n`,
    );
    return outcome;
  }
  output.updateDisplay(id, text(`Replayed ${count(chosen)}: ${inWords(chosen)}.`));
  if (left.length > 0) output.stream("stdout", leftOut(left));
  return { status: "ok" };
}

/** Runs a cell of the journal once more, without its output; it asks where it asked before. */
async function again(entry: JournalEntry, cell: Cell, session: Session): Promise<CellOutcome> {
  const { number, source } = entry;
  const outcome = await session.run({ ...cell, number, file: `cell-${number}.ts`, source, output: noOutput });
  if (outcome.status === "ok") session.journal.replayed(entry);
  // What fails for another reason may be tried again.
  else if (endOf(outcome) === "died") entry.end = "died";
  return outcome;
}

/** How a run ended, for the journal. */
export function endOf(outcome: CellOutcome): JournalEntry["end"] {
  if (outcome.status === "ok") return "ok";
  return outcome.error.ename === "EngineDied" ? "died" : "error";
}

function list(journal: Journal): string {
  const { entries, forgotten } = journal;
  if (entries.length === 0) return "No cell has run since the kernel was started.\n";
  const rows = entries.map((entry): [string, string] => [
    `${entry.number}  ${state(entry)}`,
    firstLine(entry.source),
  ]);
  const older = forgotten > 0 ? `${forgotten} older cells are not kept.\n` : "";
  return `${older}${twoColumns(rows).join("\n")}\n`;
}

function state({ end, lost }: JournalEntry): string {
  if (end === "died") return "ended the engine";
  if (end === "running") return "runs";
  return `${end === "error" ? "failed" : "ran"}${lost ? ", lost" : ""}`;
}

function leftOut(left: readonly JournalEntry[]): string {
  const died = left.filter(({ end }) => end === "died");
  const failed = left.filter(({ end }) => end !== "died");
  const parts = [
    ...(died.length > 0 ? [`${inWords(died)} (ended the engine)`] : []),
    ...(failed.length > 0 ? [`${inWords(failed)} (failed)`] : []),
  ];
  const [first] = left;
  return `Left out: ${parts.join(", ")}. %recover ${first?.number ?? ""} runs it all the same.\n`;
}

/** A cell's first line that says something, at most 60 characters of it. */
function firstLine(source: string): string {
  const line = source.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

const count = (entries: readonly unknown[]) => `${entries.length} cell${entries.length === 1 ? "" : "s"}`;
const text = (line: string) => ({ "text/plain": line });
