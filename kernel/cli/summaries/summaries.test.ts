import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fail } from "../../errors.ts";
import { parseNotebook } from "../../notebook/notebook.ts";
import type { CellResult, NotebookResult } from "../run/result.ts";
import { annotationLine, annotations, stepSummary } from "./github.ts";
import { jsonSummary } from "./json.ts";
import { junitSummary } from "./junit.ts";

const cell = (number: number, more: Partial<CellResult> = {}): CellResult => ({
  number,
  index: number,
  id: `c${number}`,
  source: `line(${number})\nmore`,
  status: "ok",
  seconds: 0.25,
  ...more,
});
const nasty = 'bad <b>&\u0000\u001b[31m]]>\u001b[0m \ud800 "x" ```` | `\n::error::no';
const text = `{"nbformat":4,"metadata":{},"cells":[
 {"cell_type":"markdown","source":"#"},
 {"cell_type":"code","source":"1"},
 {"cell_type":"code","source":[
  "a\\n",
  "b"
 ]}]}`;
const results: NotebookResult[] = [
  {
    file: "a,b:c.ipynb",
    notebook: parseNotebook(text, "a"),
    seconds: 1.5,
    runs: new Map(),
    cells: [
      cell(1),
      cell(2, {
        source: `throw "<&\u0007>"`,
        status: "failed",
        error: { name: "RangeError", message: nasty, traceback: [nasty, "    at cell-2.ts:2:7"] },
      }),
      cell(3, { status: "timeout", error: { name: "Timeout", message: "too long", traceback: [] } }),
      cell(4, { difference: "--- stored\n+++ now\n-1\n+2" }),
      cell(5, { status: "interrupted" }),
      cell(6, { status: "skipped", seconds: 0 }),
    ],
  },
  {
    file: "none.ipynb",
    notebook: undefined,
    cells: [],
    runs: new Map(),
    seconds: 0,
    error: fail("noNotebook", "none.ipynb"),
  },
];

/** What Jenkins' JUnit schema allows, as far as it is used: attributes and children, those with ! required. */
const SCHEMA: Record<string, { attributes: string[]; children: string[] }> = {
  testsuites: {
    attributes: ["name", "time", "tests", "failures", "errors", "skipped"],
    children: ["testsuite"],
  },
  testsuite: {
    attributes: ["!name", "!tests", "failures", "errors", "skipped", "time", "timestamp"],
    children: ["testcase"],
  },
  testcase: { attributes: ["!name", "classname", "time"], children: ["skipped", "error", "failure"] },
  failure: { attributes: ["type", "message"], children: ["#text"] },
  error: { attributes: ["type", "message"], children: ["#text"] },
  skipped: { attributes: ["type", "message"], children: [] },
};

type XmlNode = Record<string, unknown> & { ":@"?: Record<string, string> };

function validate(nodes: XmlNode[], allowed: string[]): void {
  for (const node of nodes) {
    const name = Object.keys(node).find((key) => key !== ":@") ?? "";
    expect(allowed).toContain(name);
    const schema = SCHEMA[name];
    if (!schema) continue;
    const given = Object.keys(node[":@"] ?? {}).map((key) => key.slice(2));
    expect(schema.attributes.map((key) => key.replace("!", ""))).toEqual(expect.arrayContaining(given));
    expect(given).toEqual(
      expect.arrayContaining(schema.attributes.filter((key) => key[0] === "!").map((key) => key.slice(1))),
    );
    for (const [key, value] of Object.entries(node[":@"] ?? {})) {
      if (/tests|failures|errors|skipped$/.test(key)) expect(value).toMatch(/^\d+$/);
      if (/time$/.test(key)) expect(value).toMatch(/^\d+\.\d+$/);
      if (/timestamp/.test(key)) expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    }
    validate(node[name] as XmlNode[], schema.children);
  }
}

describe("junitSummary", () => {
  const xml = junitSummary(results, new Date(0));
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, parseAttributeValue: false });

  it("has the schema's shape", () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    validate(
      (parser.parse(xml) as XmlNode[]).filter((node) => !("?xml" in node)),
      ["testsuites"],
    );
  });

  it("counts what became of the cells, and holds no character that XML refuses", () => {
    expect(xml).toContain(
      '<testsuites name="tandem run" tests="7" failures="3" errors="2" skipped="1" time="1.500">',
    );
    expect(xml).toContain('<testcase classname="a,b:c.ipynb" name="[1] line(1)" time="0.250"/>');
    expect(xml).toContain('<failure type="Difference"');
    expect(xml).toContain('name="[2] throw &quot;&lt;&amp;\uFFFD&gt;&quot;"');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those that must not be there.
    expect(xml).not.toMatch(/[\0-\x08\x0B-\x1F\x7F]|\p{Surrogate}/u);
  });
});

describe("GitHub's annotations", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("escape what would end or split a command", () => {
    const annotation = {
      level: "error",
      file: "a,b:c%.ipynb",
      line: 3,
      title: "T: 1,2",
      message: "50%\r\nnext::x",
    } as const;
    vi.stubEnv("GITHUB_WORKSPACE", "");
    expect(annotationLine(annotation)).toBe(
      "::error file=a%2Cb%3Ac%25.ipynb,line=3,title=T%3A 1%2C2::50%25%0D%0Anext::x\n",
    );
    vi.stubEnv("GITHUB_WORKSPACE", `${process.cwd()}/..`);
    expect(annotationLine({ ...annotation, file: "x.ipynb" })).toMatch(/^::error file=[^/]+\/x\.ipynb,/);
  });

  it("stand at the line of the file where the failing line is", () => {
    vi.stubEnv("GITHUB_WORKSPACE", "");
    const lines = annotations(results).trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^::error file=a%2Cb%3Ac\.ipynb,line=6,title=Cell 2::bad <b>&/);
    expect(lines[4]).toContain("There is no notebook none.ipynb.");
    for (const line of lines) expect(line).toMatch(/^::error /);
  });

  it("are told in the step's summary, where no text becomes markup", () => {
    const summary = stepSummary(results);
    expect(summary).toContain("| <code>a,b:c.ipynb</code> | interrupted | 5 of 6 | 1.50 s |");
    expect(summary).toContain("\n`````text\nbad <b>&");
    expect(summary).toContain('<code>throw "&#60;&#38;\u0007&#62;"</code>');
    const long = stepSummary([
      {
        ...results[0],
        cells: Array(300).fill(
          cell(2, { status: "failed", error: { name: "E", message: "x".repeat(9000), traceback: [] } }),
        ),
      } as NotebookResult,
    ]);
    expect(long.length).toBeLessThan(1_000_000);
  });
});

it("as JSON has every cell", () => {
  const summary = JSON.parse(jsonSummary(results, 1));
  expect(summary).toMatchObject({
    version: 1,
    exitCode: 1,
    notebooks: [{ status: "interrupted" }, { status: "failed" }],
  });
  expect(summary.notebooks[0].cells[1]).toMatchObject({ number: 2, id: "c2", error: { name: "RangeError" } });
  expect(summary.notebooks[1].error).toContain("There is no notebook");
});
