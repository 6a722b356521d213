import { fail, TandemError } from "../errors.ts";
import { lineMagics } from "./line-magics.ts";
import { type LineSpan, type LineTail, type ScannedLine, scanLine } from "./line-words.ts";
import type { MagicDeclaration, MagicOption, MagicProblem, WrittenCell } from "./magic.ts";
import { lineOptionsOf, needsRest, optionsOf, readHead } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { nearest } from "./nearest.ts";
import { remembered } from "./remembered.ts";
import { linesOf } from "./split.ts";

/**
 * Everything that a cell's magics would refuse before anything runs, found without running anything. `above`: the cells
 * above it.
 */
export function magicProblems(source: string, above: readonly WrittenCell[] = []): readonly MagicProblem[] {
  const found = lineProblems(source);
  const head = readHead(source);
  const magic = head && magics.find(({ name }) => name === head.name);
  if (!head || !magic?.refusals || found.length > 0) return found;
  const scanned = scanLine(head, magic, optionsOf(magic));
  return scanned.options.has("help") ? [] : magic.refusals({ ...scanned, body: head.body }, above);
}

/** The same of the magic lines alone. */
const lineProblems = remembered((source: string): readonly MagicProblem[] => {
  if (!/^[%!]/m.test(source)) return [];
  const head = readHead(source);
  if (head) {
    const line = source.split("\n", 1)[0] ?? "";
    // Its name is being written.
    if (head.name === "") return [];
    const magic = magics.find(({ name }) => name === head.name);
    if (magic) return problemsOf(head, line, 0, magic, optionsOf(magic));
    const like = nearest(
      head.name,
      magics.map(({ name }) => name),
    );
    const error = fail("unknownMagic", head.name, like);
    return [problemAt(0, { start: 0, end: head.form.length }, error, like ? [`%%${like}`] : [])];
  }
  return [...linesOf(source, lineMagics)].flatMap(({ start, end, magic, error }) => {
    const text = source.slice(start.offset, end).replace(/\r$/, "");
    const at = start.line - 1;
    if (error) {
      const [form = ""] = /^%%?\w*/.exec(text) ?? [];
      const like = error.code === "unknownLineMagic" ? error.facts[1] : undefined;
      return [problemAt(at, { start: 0, end: form.length }, error, like ? [`%${String(like)}`] : [])];
    }
    // A command's line is its own.
    if (!magic || text.startsWith("!")) return [];
    return problemsOf(magic, text, at, magic.magic, lineOptionsOf(magic.magic));
  });
});

function problemsOf(
  tail: LineTail,
  line: string,
  at: number,
  magic: MagicDeclaration,
  options: readonly MagicOption[],
): MagicProblem[] {
  const scanned = scanLine(tail, magic, options);
  if (scanned.options.has("help")) return [];
  const name: LineSpan = { start: 0, end: tail.form.length };
  const found = scanned.problems.map(({ error, instead, start, end }) =>
    problemAt(at, { start, end }, error, instead ? [instead] : []),
  );
  if (found.length > 0) return found;
  try {
    magic.check?.(scanned);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    const span = spanOf(error, scanned, line) ?? name;
    return [problemAt(at, span, error, insteadOf(span, scanned, line, magic))];
  }
  if (scanned.rest === "" && needsRest(magic))
    return [problemAt(at, name, fail("missingText", tail.form, magic.rest ?? ""), [])];
  return [];
}

/** What is known to be allowed in the place of words; the nearest alone where one is near. */
function insteadOf(
  { start, end }: LineSpan,
  { words, restColumn }: ScannedLine,
  line: string,
  magic: MagicDeclaration,
): readonly string[] {
  const word = words.find((one) => one.start <= start && start < one.end);
  if (word?.kind === "value") return Array.isArray(word.option?.values) ? word.option.values : [];
  if (word?.kind !== "rest") return [];
  const allowed =
    magic.choices?.(line.slice(restColumn, start), { folder: ".", begun: "" }).map(({ text }) => text) ?? [];
  const like = nearest(line.slice(start, end), allowed);
  return like !== undefined ? [like] : start === restColumn ? [] : allowed;
}

/** The words that an error of a magic's own check is about: by the option or the text that it names. */
function spanOf(
  error: TandemError,
  { words, rest, restColumn }: ScannedLine,
  line: string,
): LineSpan | undefined {
  const facts = error.facts.filter((fact) => typeof fact === "string");
  const named = [...error.advice.what.matchAll(/--([\w-]+)/g)].map(([text]) => text);
  for (const fact of [...facts, ...named]) {
    const long = fact.replace(/^--/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const about = words.filter(({ option }) => option?.long === long);
    const span = about.findLast(({ kind }) => kind === "value") ?? about.at(-1);
    if (span) return span;
  }
  // What is wrong is named behind what it is wrong for.
  for (const fact of facts.reverse()) {
    const text = fact.trim();
    const inRest = text === "" ? -1 : rest.lastIndexOf(text);
    if (inRest >= 0) return { start: restColumn + inRest, end: restColumn + inRest + text.length };
    const value = words.find(
      ({ kind, start, end }) => kind === "value" && line.slice(start, end).includes(text),
    );
    if (value && text !== "") return value;
  }
  return words.find(({ kind }) => kind === "rest");
}

function problemAt(
  line: number,
  { start, end }: LineSpan,
  error: TandemError,
  instead: readonly string[],
): MagicProblem {
  return { start: { line, character: start }, end: { line, character: end }, error, instead };
}
