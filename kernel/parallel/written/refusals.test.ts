import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../../../test/kernel.ts";
import { magicProblems } from "../../cells/line-problems.ts";
import { writtenCell } from "../../cells/written-cell.ts";
import { checkNotebook } from "../../cli/check/check-notebook.ts";
import { parseNotebook } from "../../notebook/notebook.ts";
import { createTypeService } from "../../typescript/service/types.ts";
import type { TypeService } from "../../typescript/service.ts";

/** What the text alone tells of the last cell: the words, and the error's last line. */
function refused(...cells: string[]): string[] {
  const source = cells.at(-1) ?? "";
  const above = cells.slice(0, -1).map(writtenCell);
  return magicProblems(source, above).map(({ start, end, error }) => {
    const words = source.split("\n")[start.line]?.slice(start.character, end.character);
    return `${start.line}:${start.character} ${words}: ${error.advice.what}`;
  });
}

describe("what the run would refuse is told at its place", () => {
  test("assignments to variables of the notebook", () => {
    expect(
      refused("let total = 0; const seen = []", "%%parallel x of rows\nseen.push(x)\n  total += x"),
    ).toEqual(["2:2 total: total is assigned to, and each worker would change a copy of its own."]);
    expect(refused("let total = 0", "%%parallel x of rows\nlet total = 0\ntotal += x\ntotal")).toEqual([]);
    expect(refused("let x = 0", "%%parallel x of rows\nx++\nx")).toEqual([]);
    expect(refused("%%python --out total\ntotal = 1", "%%parallel x of rows\n[total] = [x]")).toHaveLength(1);
    // In workers it is a name of their own.
    expect(refused("%%parallel each\nlet total = 0", "%%parallel x of rows\ntotal += x")).toEqual([]);
    expect(refused("%%parallel x of rows\nnobody = x")).toEqual([]);
  });

  test("in functions that the body calls, by the way to them", () => {
    expect(
      refused(
        "let calls = 0\nfunction count() { calls++ }",
        "const step = (n: number): number => { count(); return n }",
        "%%parallel x of rows\nconst y = step(x)\ny",
      ),
    ).toEqual([
      expect.stringMatching(/^1:10 step: calls is assigned to.*reaches it through step → count → calls\./),
    ]);
    expect(
      refused(
        "class Log { static n = 0; add() { return py.add(1) } }",
        "%%parallel x of rows\nnew Log().add()",
      ),
    ).toEqual([expect.stringMatching(/^1:4 Log: py talks to the one Python interpreter.*through Log → py/)]);
    expect(
      refused("const f = (n: number): number => n < 2 ? n : f(n - 1)", "%%parallel x of rows\nf(x)"),
    ).toEqual([]);
  });

  test("py, this and arguments", () => {
    expect(refused("%%parallel x of rows\nawait py.f(x)")).toEqual([
      expect.stringMatching(/^1:6 py: py talks to/),
    ]);
    expect(refused("const py = { f: (n: number) => n }", "%%parallel x of rows\npy.f(x)")).toEqual([]);
    expect(refused("%%parallel x of rows\nthis.a")).toEqual([
      expect.stringMatching(/^1:0 this: the function uses `this`/),
    ]);
    expect(refused("%%parallel x of rows\nconst o = { f() { return this } }\no.f()")).toEqual([]);
  });

  test("in JSX and compiled bodies at the same places", () => {
    expect(refused("let n = 0", "%%parallel x of rows\nenum A { B }\nn = A.B")).toEqual([
      expect.stringMatching(/^2:0 n:/),
    ]);
  });

  test("nothing while the body is half-typed, or its line is wrong", () => {
    expect(refused("let total = 0", "%%parallel x of rows\ntotal += x.")).toEqual([]);
    expect(refused("let total = 0", "%%parallel --fore x of rows\ntotal += x")).toHaveLength(1);
  });
});

// What is told before the run is what the run does.
describe("texts and types tell what the run refuses, and no more", () => {
  let folder: string;
  let kernel: TestKernel;
  let types: TypeService;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-written-")));
    writeFileSync(
      join(folder, "bus.ts"),
      "import { EventEmitter } from 'node:events';\nexport default new EventEmitter();\n",
    );
    kernel = new TestKernel(folder);
    const service = createTypeService({ folder });
    if (!service) throw new Error("The compiler is not installed.");
    types = service;
  });
  afterAll(async () => {
    await Promise.all([kernel.close(), types.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** What `tandem check` says of the last cell's captures. */
  async function told(cells: readonly string[]): Promise<string[]> {
    await types.reset();
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: cells.map((source, i) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: {},
        outputs: [],
        execution_count: null,
        source,
      })),
    });
    const found = await checkNotebook(parseNotebook(text, "n.ipynb"), folder, types);
    return found
      .filter(({ code }) => code === "parallelWillRefuse")
      .map(({ line, column, message }) => `${line}:${column} ${message}`);
  }

  test.each<[declarations: string, name: string, what: string]>([
    ["const pending = Promise.resolve(1)", "pending", "is a promise"],
    ["async function load() { return 1 }; const loading = load()", "loading", "is a promise"],
    ["const own = Symbol('own')", "own", "is a symbol"],
    ["const gen = (function* () { yield 1 })()", "gen", "is a generator"],
    ["const agen = (async function* () { yield 1 })()", "agen", "is a generator"],
    ["const weak = new WeakMap<object, number>()", "weak", "is a WeakMap"],
    ["const weakSet = new WeakSet<object>()", "weakSet", "is a WeakSet"],
    ["const weakRef = new WeakRef({})", "weakRef", "is a WeakRef"],
    ["const proxied = new Proxy({ a: 1 }, {})", "proxied", "is a Proxy"],
    ["class Box { v = 1 }\nconst box = new Box()", "box", "is an instance of Box"],
    ["class Base {}\nclass Sub extends Base {}\nconst sub = new Sub()", "sub", "is an instance of Sub"],
    [
      "class Failure extends Error {}\nconst failure = new Failure('x')",
      "failure",
      "is an instance of Failure",
    ],
    [
      "import { EventEmitter } from 'node:events'\nconst bus1 = new EventEmitter()",
      "bus1",
      "is an instance of EventEmitter",
    ],
    ["import net from 'node:net'\nconst socket = new net.Socket()", "socket", "is an instance of Socket"],
    [
      "import { Readable } from 'node:stream'\nconst stream = Readable.from([1])",
      "stream",
      "is an instance of Readable",
    ],
    ["const timer = setTimeout(() => {}, 0)", "timer", "is an instance of Timeout"],
    ["const controller = new AbortController()", "controller", "is an instance of AbortController"],
    ["const url = new URL('http://a/')", "url", "is an instance of URL"],
    ["const response = new Response('x')", "response", "is an instance of Response"],
    ["const format = new Intl.NumberFormat()", "format", "is an instance of NumberFormat"],
  ])("%s", async (declarations, name, what) => {
    const cell = `%%parallel --force x of [1]\nconst y = [${name}]\ny.length`;
    const found = await told([declarations, cell]);
    expect(found).toEqual([expect.stringContaining(`${name} ${what}`)]);
    expect(found[0]).toMatch(/^2:12 /);
    await kernel.run(declarations);
    const ran = await kernel.run(cell);
    expect(ran.error?.evalue).toContain(`${name} `);
    expect(ran.error?.evalue).toContain(what.startsWith("is an instance") ? "is an instance of" : what);
  });

  test.each<[cells: string[], body: string, at: string]>([
    [["let total1 = 0"], "total1 += x", "2:1 total1 is assigned"],
    [["let n2 = 0; const bump2 = () => { n2++ }"], "const r = 1; bump2()", "2:14 n2 is assigned"],
    [["let n3 = 0\nclass Counter3 { up() { return ++n3 } }"], "new Counter3().up()", "2:5 n3 is assigned"],
    [
      ["let n4 = 0", "function a4() { b4() }\nfunction b4() { [n4] = [1]; a4 }"],
      "a4()",
      "2:1 n4 is assigned",
    ],
    [["const ask5 = (q: string) => py.ask(q)"], "await ask5('x')", "2:7 py talks to"],
    [[], "(() => this)()", "2:8 the function uses `this`"],
    [
      ["class Held6 {}\nconst held6 = new Held6(); function use6() { return held6 }"],
      "use6()",
      "2:1 held6 is an",
    ],
    [["import { sep as sep7 } from 'node:path'"], "sep7 = x", "2:1 sep7 is assigned"],
  ])("%j, then %s", async (cells, body, at) => {
    const cell = `%%parallel --force x of [1]\n${body}`;
    const [place = "", name = "", verb = ""] = /^(\d+:\d+) (.+) (\w+ \S+)$/.exec(at)?.slice(1) ?? [];
    expect(await told([...cells, cell])).toEqual([expect.stringMatching(`^${place} ${name} ${verb}`)]);
    for (const one of cells) await kernel.run(one);
    expect((await kernel.run(cell)).error?.evalue).toMatch(new RegExp(`\\b${name} (?:\\(\\S+ )?${verb}`));
  });

  test.each<[declarations: string, expression: string]>([
    ["const map = new Map<object, number>()", "map.size"],
    ["const set = new Set<object>()", "set.size"],
    ["const iter = Symbol.iterator", "typeof iter"],
    ["class Made { v = 1 }", "new Made().v"],
    ["const when = new Date(0); const re = /a/; const error = new Error('x')", "[when, re, error].length"],
    [
      "const buffer = Buffer.from('a'); const shared = new SharedArrayBuffer(8)",
      "buffer.length + shared.byteLength",
    ],
    [
      "const maybe: Promise<number> | undefined = undefined as Promise<number> | undefined",
      "maybe === undefined",
    ],
    ["import * as path from 'node:path'\nimport proc from 'node:process'", "path.sep + proc.pid"],
    ["import bus from './bus.ts'", "bus.listenerCount('x')"],
    ["const anything: any = { a: 1 }; const nothing = undefined", "[anything, nothing].length"],
    ["const later = async () => 1; function* upTo(n: number) { yield n }", "[later, upTo].length"],
    ["const plain = { then: 1, catch: 2, get(key: string) { return key } }", "plain.get('a')"],
    [
      "const frozen = Object.freeze({ a: [1, 2] }); const nested = { m: new Map([[1, { a: 1 }]]) }",
      "nested.m.size",
    ],
    ["const none = 1", "[process.pid, performance.now(), console.log].length + none"],
  ])("nothing of: %s", async (declarations, expression) => {
    const cell = `%%parallel --force x of [1]\n${expression}`;
    expect(await told([declarations, cell])).toEqual([]);
    await kernel.run(declarations);
    expect((await kernel.run(cell)).error?.evalue ?? "").toBe("");
  });

  test("an item is none of the notebook's variables", async () => {
    const cells = ["const [p, q] = [Promise.resolve(1), 2]", "%%parallel --force [p, q] of [[1, 2]]\np + q"];
    expect(await told(cells)).toEqual([]);
  });

  test("what a set-up declares, workers have", async () => {
    const cells = [
      "%%parallel each\nconst socketOf = new AbortController()",
      "%%parallel --force x of [1]\nsocketOf.signal.aborted",
    ];
    expect(await told(cells)).toEqual([]);
    for (const cell of cells) expect((await kernel.run(cell)).error?.evalue ?? "").toBe("");
  });
});
