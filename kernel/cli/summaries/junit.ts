import { stripVTControlCharacters } from "node:util";
import { type CellResult, firstLine, isGood, type NotebookResult, problemOf } from "../run/result.ts";

/** A run in JUnit's XML, as Jenkins' schema has it: a suite for each notebook, a case for each cell. */
export function junitSummary(results: readonly NotebookResult[], started: Date): string {
  const suites = results.map((result) => suite(result, started));
  const total = sum(suites.map(({ counts }) => counts));
  const seconds = results.reduce((all, result) => all + result.seconds, 0);
  const attributes = { name: "tandem run", ...total, time: seconds.toFixed(3) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    "testsuites",
    attributes,
    suites.map(({ xml }) => xml),
  )}\n`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suite(result: NotebookResult, started: Date): { counts: Counts; xml: string } {
  const { file, cells, error, seconds } = result;
  const cases = cells.map((cell) => testCase(file, cell));
  // What no cell failed with: an unreadable file, a kernel that ended between cells.
  const ofNotebook = error && cells.every(isGood) ? [error] : [];
  const counts = {
    tests: cells.length + ofNotebook.length,
    failures: cells.filter((cell) => !isGood(cell) && cell.status !== "interrupted").length,
    errors: cells.filter(({ status }) => status === "interrupted").length + ofNotebook.length,
    skipped: cells.filter(({ status }) => status === "skipped").length,
  };
  for (const { code, message } of ofNotebook) {
    const told = element("error", { type: code, message: firstOf(message) }, [escaped(message)], false);
    cases.push(element("testcase", { classname: file, name: "notebook", time: "0.000" }, [told]));
  }
  const timestamp = started.toISOString().slice(0, 19);
  const attributes = { name: file, ...counts, time: seconds.toFixed(3), timestamp };
  return { counts, xml: element("testsuite", attributes, cases) };
}

function testCase(file: string, cell: CellResult): string {
  const { number, status, seconds, error } = cell;
  const attributes = { classname: file, name: `[${number}] ${firstLine(cell)}`, time: seconds.toFixed(3) };
  if (status === "skipped") return element("testcase", attributes, [element("skipped", {})]);
  if (isGood(cell)) return element("testcase", attributes);
  const problem = problemOf(cell);
  const tag = status === "interrupted" ? "error" : "failure";
  const type = error?.name ?? (status === "interrupted" ? "Interrupted" : "Difference");
  const message = error?.message ?? firstOf(problem);
  return element("testcase", attributes, [element(tag, { type, message }, [escaped(problem)], false)]);
}

const firstOf = (text: string) => text.split("\n", 1)[0] ?? "";

function sum(all: readonly Counts[]): Counts {
  const add = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0);
  return { tests: add("tests"), failures: add("failures"), errors: add("errors"), skipped: add("skipped") };
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
  indented = true,
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const head = `<${name}${written.join("")}`;
  if (children.length === 0) return `${head}/>`;
  if (!indented) return `${head}>${children.join("")}</${name}>`;
  return `${head}>\n${children.join("\n")}\n</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for XML 1.0, which has no control characters at all, not even escaped. */
function escaped(text: string): string {
  return (
    stripVTControlCharacters(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML refuses.
      .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/gu, "\uFFFD")
      .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "")
  );
}
