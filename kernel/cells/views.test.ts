import { describe, expect, test } from "vitest";
import { noOutput } from "./no-output.ts";
import { noTypes } from "./no-types.ts";
import { prepare } from "./prepare.ts";
import { nothingRuns, quietView } from "./quiet-view.ts";
import { KernelSession } from "./session-state.ts";

/** The view of a cell. */
async function viewOf(source: string): Promise<string> {
  const session = new KernelSession("/", nothingRuns, noTypes);
  const { signal } = new AbortController();
  const cell = { number: 1, file: "cell-1.ts", source, output: noOutput, signal };
  return (await prepare(cell, session).typeView()) ?? "";
}

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** The words of a cell that stand elsewhere in its view; `own`: where the user's TypeScript begins on line 1, if it does there. */
function misplaced(source: string, view: string, own?: RegExp): string[] {
  const seen = view.split("\n");
  const comments = (line: string) => line.replace(/ \/\/.*$/, "");
  return source
    .split("\n")
    .map(comments)
    .flatMap((line, index) => {
      const from = index > 0 ? 0 : own ? (own.exec(line)?.index ?? line.length) : line.length;
      const shown = line.slice(0, from).replace(/\S/g, " ") + line.slice(from);
      return [...shown.matchAll(WORD)]
        .filter(
          ({ index: at, 0: word }) =>
            !/^(?:of)$/.test(word) && seen[index]?.slice(at, at + word.length) !== word,
        )
        .map(({ 0: word, index: at }) => `${word} at ${index + 1}:${at}`);
    });
}

const bodies = [
  "x",
  "x * 2 // note",
  "const y: number = x.w;\n\n  y + x",
  "const y = 1; y + x",
  "const y = x; f(y); y.z;",
  "if (x.skip) return null\nfor (const part of x.parts) await part.load()\nx.parts.length",
  "const { a, b = 2 } = x\n({ a, b })",
  "const t = x.t\n{ total: t, name: x.name }",
  "<Row item={x}>{x.name}</Row>",
  "const title = x.title\n<Row>\n  <b>{title}</b>\n</Row>;",
  "enum Mode { A, B }\nMode.A + x",
  "import { readFile } from 'node:fs/promises'\nawait readFile(x)",
  "x += 1\nx",
  `const f = (n: number): n is 5 => n === 5\nf(x) ? \`\${x.name} is \${x.age}\` : undefined`,
  "x.",
  "x.rows.map((row) => row.",
  "if (x.length > 0) {\n  const first = x[",
  `const s = \`half \${x.name`,
  "",
];

const heads = [
  "x of rows",
  "x of rows.filter((row) => row.big)",
  "[i, x] of rows.entries()",
  "{ w, h: { x } } of sizes // by size",
  "x of await load(folder, { deep: true })",
  "x: Row of rows as Row[]",
  "[a = first, ...x] of lists",
  "-n 4 x of rows",
  "-n 4 --chunk=auto --force --keep-going --timeout 30s x of rows",
  "--out areas x of rows",
  "--out a x of rows",
  "--as-completed --out each x of rows",
  "--share big,small --retries 2 x of big.subarray(0, n)",
  "--   x   of   rows",
  "x of rows.",
  "x of rows.filter((row) => row.",
  "x of lists[0].map(({ name",
  'x of text.split("a',
  "[i, x of rows.entries()",
  "x of ",
  "x o",
  "x",
];

describe("in a view of %%parallel each word of the user's stands where the user wrote it", () => {
  test.each(heads)("%s", async (head) => {
    const own = /(?:--\s+)?(?:x|\[|\{)[^-]*$/;
    for (const body of bodies) {
      const source = `%%parallel ${head}\n${body}`;
      // `o` is the beginning of `of`.
      const words = source.replace(/^(%%parallel x) o$/m, "$1");
      expect(misplaced(words, await viewOf(source), own), source).toEqual([]);
    }
  });

  test("the reducer too", async () => {
    for (const reduce of ['"(a, b) => a + b"', "'merge'", "merge", "Math.max", "(a,b)=>a+b"])
      for (const out of ["", "--out sum "])
        for (const source of [
          `%%parallel --reduce ${reduce} ${out}x of rows\nx.w`,
          `%%parallel ${out}--reduce=${reduce} { w } of rows\nw`,
        ])
          expect(
            misplaced(source, await viewOf(source), /(?<=reduce[ =]).*(?=--out)|(?<=reduce[ =]).*$/).filter(
              (one) => !/^(?:out|sum) /.test(one),
            ),
            source,
          ).toEqual([]);
  });

  test("but for a pattern that its expression names, and one without a space behind it", async () => {
    expect(
      misplaced("%%parallel row of row.rows\nrow", await viewOf("%%parallel row of row.rows\nrow"), /row/),
    ).toEqual(["row at 1:11"]);
    expect(misplaced("%%parallel [x]of[y]\nx", await viewOf("%%parallel [x]of[y]\nx"), /\[x/)).toEqual([
      "x at 1:12",
    ]);
  });

  test("of a set-up every line", async () => {
    for (const body of bodies) {
      const source = `%%parallel -n 2 each\n${body}`;
      expect(misplaced(source, await viewOf(source)), source).toEqual([]);
    }
  });
});

test.each([
  "%%bench",
  "%%bench --rounds 50 --out found",
  "%%bench --for n in 10,20,30",
  "%%profile",
  "%%profile --heap --out hot",
  "%%timeline name",
  "%%time",
  "%%time --out value",
  "%%javascript",
  "%%javascript --out value",
])("in a view of %s, too", async (magic) => {
  const more = [
    "const n = 5\nts: f(n)\nrust: { const m = n; g(m) }",
    "const a = 1\nts: f(",
    "%time f(x)\ng(x)",
  ];
  for (const body of [...bodies, ...more]) {
    // What %%time wraps and what is half-typed are looked at as they stand.
    const source = `${magic}\n${body.replace(magic === "%%time" ? /^$/ : /^%time /m, "")}`;
    expect(
      misplaced(source.replace("%time ", ""), (await viewOf(source)).replace(/^ {6}/m, ""), undefined),
      source,
    ).toEqual([]);
  }
});

describe("in a view of a line magic", () => {
  test.each([
    "const a = 1\n%time f(a, b)\na",
    "%time --out t const x = await load('x')\nx.y",
    "%timeit -n 100 rows.map((row) => row.price)\nrows",
    "%timeit --out t f(x)\nt",
    "f(x)\n%config check = strict\ng(x)",
    "%who\n%time x.",
  ])("%j", async (source) => {
    const view = await viewOf(source);
    // The magic's own words are blank.
    const own = source
      .replace(/^%time(?:it)?(?: -\w+ \d+| --out \w+)*/gm, (text) => " ".repeat(text.length))
      .replace(/^%(?:config|who).*$/gm, "");
    expect(misplaced(`\n${own}`, `\n${view}`)).toEqual([]);
  });
});

test.each([
  '%%parallel -n 4 --keep-going --out areas [i, { w, h }] of rows.filter((row) => row.name !== "a").entries() // all\nconst area = w * h\nif (area > 0) {\n  results.push([area, i])\n}\n({ area, i })',
  '%%parallel --reduce "(a, b) => a + b" x of await load("a")\nconst { total } = <Row item={x}>{x.name}</Row>\ntotal',
  "%%bench --for n in 1,2 --rounds 30\nconst a = n\nts: f(a)\nrust: { const b = a; g(b) }",
  "const a = 1\n%timeit -n 100 --out t rows.map((row) => row.price)\n%config check = strict\nt.median",
])("%j has a view after each key", async (source) => {
  const { signal } = new AbortController();
  for (let end = 1; end <= source.length; end++) {
    const written = source.slice(0, end);
    const session = new KernelSession("/", nothingRuns, noTypes);
    const cell = { number: 1, file: "cell-1.ts", source: written, output: noOutput, signal };
    const { text } = await quietView(cell, session);
    if (!/^%%\w+\s/.test(written) || !/^%%(?:parallel|bench)/.test(written)) continue;
    // All lines below the first are the user's own, in their places.
    expect(misplaced(written, text ?? ""), written).toEqual([]);
  }
});
