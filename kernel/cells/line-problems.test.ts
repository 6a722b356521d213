import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isExecuted, parseNotebook } from "../notebook/notebook.ts";
import { magicProblems } from "./line-problems.ts";
import { writtenCell } from "./written-cell.ts";

/** What is wrong, as `words of the cell: code -> what could stand there`. */
function problems(source: string): string[] {
  const lines = source.split("\n");
  return magicProblems(source).map(({ start, end, error, instead }) => {
    const words = lines[start.line]?.slice(start.character, end.character);
    return `${start.line}: ${words}: ${error.code}${instead.length > 0 ? ` -> ${instead.join("|")}` : ""}`;
  });
}

describe("a magic line is told what is wrong at the very words", () => {
  test.each<[source: string, found: string[]]>([
    ["%%paralell x of rows\nx", ["0: %%paralell: unknownMagic -> %%parallel"]],
    ["%%zzzzzz", ["0: %%zzzzzz: unknownMagic"]],
    ["const a = 1\n\n%tiem f()", []],
    ["const a = 1;\n\n%tiem f()", ["2: %tiem: unknownLineMagic -> %time"]],
    ["f();\n%%rust\nfn f() {}", ["1: %%rust: magicNotFirst"]],
    ["%%rust --debgu --int64 number", ["0: --debgu: unknownOption -> --debug"]],
    ["%%rust --debgu=1 --nope", ["0: --debgu: unknownOption -> --debug", "0: --nope: unknownOption"]],
    ["%%bench --rounds", ["0: --rounds: missingValue"]],
    ["%%rust --debug=yes", ["0: --debug=yes: unexpectedValue -> --debug"]],
    ['%%parallel --reduce "(a, b) => x of rows', ['0: "(a, b) => x of rows: openQuote']],
    ["%%parallel --out 3d x of rows\nx", ["0: 3d: outName"]],
    ["%%rust --debug extra words", ["0: extra words: unexpectedText"]],
    ["%%rust --debug extra --help", ["0: extra --help: unexpectedText"]],
    ["%%rust --debgu --help", ["0: --debgu: unknownOption -> --debug"].slice(1)],
    ["1;\n%run", ["1: %run: missingText"]],
    ["%%writefile", ["0: %%writefile: missingText"]],
  ])("%j", (source, found) => expect(problems(source)).toEqual(found));
});

describe("what a magic checks of its own line before anything runs is told there", () => {
  test.each<[source: string, found: string[]]>([
    ["%%parallel", ["0: %%parallel: parallelHead"]],
    ["%%parallel x in rows", ["0: x in rows: parallelHead"]],
    ["%%parallel x of rows.", ["0: x of rows.: parallelHead"]],
    ["%%parallel -n four x of rows", ["0: four: parallelOption"]],
    ["%%parallel --chunk=no x of rows", ["0: no: parallelOption -> auto"]],
    ["%%parallel --share 1a x of rows", ["0: 1a: parallelOption"]],
    ["%%parallel --on name x of rows", ["0: name: parallelElsewhere"]],
    ["%%parallel --reduce f --as-completed x of rows", ["0: f: parallelTogether"]],
    ['%%parallel --reduce "(a, b" x of rows', ['0: "(a, b": parallelReduce']],
    ["%%parallel -n 2 --retries 1 each", []],
    ["%%bench --rounds 2\na: 1", ["0: 2: benchOption -> 30"]],
    ["%%bench --budget long\na: 1", ["0: long: benchOption -> 20s"]],
    ["%%bench --save a/b\na: 1", ["0: a/b: benchOption"]],
    ["%%bench --for n of 3\na: 1", ["0: n: benchValues"]],
    ["%%bench more\na: 1", ["0: more: unexpectedText"]],
    ["%%bench\nconst a = 1", ["0: %%bench: benchWithoutSides"]],
    ["%%bench\na: 1\n  f(2) // no label", ["2: f(2) // no label: benchUnlabelled"]],
    ["%%bench\na: 1\nb: 2\na: 3", ["3: a: 3: benchTwice"]],
    ["%%bench\nconst n = 1\na: f(\nb: 1", []],
    ["%%bench\n", []],
    ["%%rust --int64 bigint", ["0: bigint: rustOption -> number"]],
    ["%%python --out a,1b", ["0: a,1b: outName"]],
    ["%%profile --interval 1", ["0: 1: optionNumber"]],
    ["%timeit -n 0 f()", ["0: 0: optionNumber"]],
    ["%config chek = off", ["0: chek: unknownSetting -> check"]],
    ["%config check = of", ["0: of: badSetting -> off"]],
    ["%history 4-x", ["0: 4-x: cellRange"]],
    ["%save a.ts 1 x", ["0: x: cellRange"]],
    ["%%timeline a --trace", ["0: a --trace: timelineName"]],
  ])("%j", (source, found) => expect(problems(source)).toEqual(found));
});

test.each([
  "const a = 5\n% b",
  "`\n%nope\n`",
  "!ls -la",
  "%sh echo 'unclosed",
  "%npm install --save-dev x",
  "%%rust?",
  "%%",
  "%",
  "%config",
  "%time",
  "%%bench --for n in 1,2\na: n",
  "%%html\n%%nope\n%nope",
])("%j has nothing wrong", (source) => {
  const found = problems(source);
  expect(source === "%time" ? found.slice(1) : found).toEqual([]);
});

const folder = join(import.meta.dirname, "../../notebooks");

test.each(readdirSync(folder).filter((name) => name.endsWith(".ipynb")))("%s has nothing wrong", (name) => {
  const sources = parseNotebook(readFileSync(join(folder, name), "utf8"), name)
    .cells.filter(isExecuted)
    .map(({ source }) => source);
  for (const [index, source] of sources.entries()) {
    const found = magicProblems(source, sources.slice(0, index).map(writtenCell));
    expect(
      found.map(({ error }) => error.message),
      source,
    ).toEqual([]);
  }
});
