import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Diagnostic, TypeService } from "../service.ts";
import { createTypeService } from "./types.ts";

// A real server for each folder; the folder's name has what may go wrong in addresses.
const folder = mkdtempSync(join(tmpdir(), "types é #%20 "));
const opened: TypeService[] = [];

function open(at = folder): TypeService {
  const service = createTypeService({ folder: at });
  if (!service) throw new Error("The compiler is not installed.");
  opened.push(service);
  return service;
}

const shared = open();
afterEach(() => shared.reset());
afterAll(async () => {
  await Promise.all(opened.map((service) => service.close()));
  rmSync(folder, { recursive: true });
});

const short = (diagnostics: Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity !== "suggestion")
    .map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);

/** Checks the last of some cells after the others were committed in turn, each without a finding of its own. */
async function check(cells: readonly string[], service = shared): Promise<string[]> {
  let found: Diagnostic[] = [];
  for (const [index, cell] of cells.entries()) {
    found = await service.check(`cell-${index + 1}.ts`, cell);
    if (index === cells.length - 1) break;
    expect(short(found)).toEqual([]);
    await service.commit(`cell-${index + 1}.ts`, cell);
  }
  return short(found);
}

describe("cells without a mistake", () => {
  test.each<[string, string[]]>([
    ["an expression", ["1 + 1"]],
    [
      "names of earlier cells",
      [
        "const a = 1; let b = 'x'; var c = true; function f(n: number) { return n }",
        "f(a) + b.length; c === true",
      ],
    ],
    [
      "types of earlier cells",
      [
        "interface Row<T = number> { id: T }\ntype Rows = Row[]\nenum E { A }\nnamespace N { export type T = 1; export const v = 2 }",
        "const r: Rows = [{ id: 1 }]; const s: Row<string> = { id: '' }; const e: E = E.A; const t: N.T = 1; N.v",
      ],
    ],
    [
      "generic classes, inherited across cells",
      [
        "abstract class Base<T> { constructor(protected v: T) {} abstract get(): T }",
        "class Own extends Base<number> { get() { return this.v } }",
        "new Own(1).get().toFixed()",
      ],
    ],
    [
      "redeclared by every kind",
      [
        "const x = 1",
        "let x = 'a'",
        "function x() { return true }",
        "class x { static q = 1 }",
        "x.q.toFixed()",
      ],
    ],
    ["redeclared in the same cell that checks", ["const x = 1", "const x = 'a'; x.toUpperCase()"]],
    [
      "an interface redeclared, not merged",
      ["interface R { a: 1 }", "interface R { b: 2 }\nconst r: R = { b: 2 }"],
    ],
    [
      "what an earlier cell made of a name stays",
      [
        "const x = 1",
        "const y = x.toFixed(2); function useX() { return x + 1 }",
        "const x = { other: true }",
        "y.length; useX().toFixed(); x.other",
      ],
    ],
    [
      "an earlier let is assigned",
      ["let n = 1; let rows: number[] = []", "n = 2; n += 1; rows = [n]; rows.push(3)"],
    ],
    ["a let without a type", ["let anything", "anything = 1; anything = 'a'"]],
    ["top-level await", ["const v = await Promise.resolve(1)", "for await (const q of [v]) q.toFixed()"]],
    [
      "destructuring",
      ["const { a, b: [c], ...rest } = { a: 1, b: ['x'], d: true }", "a.toFixed() + c.length; rest.d"],
    ],
    [
      "imports of Node's modules",
      [
        "import * as fs from 'node:fs'\nimport path, { join as j } from 'path'\nimport type { Stats } from 'node:fs'",
        "j('a', path.sep); const s: Stats | undefined = undefined; fs.existsSync('.'); s",
      ],
    ],
    [
      "exports",
      [
        "export const e1 = 1; export interface E2 { a: 1 }; export default function e3() { return 1 }",
        "const e: E2 = { a: 1 }; e1 + e3() + e.a",
      ],
    ],
    [
      "Node's globals",
      [
        "process.argv; Buffer.from('a'); console.log(1); setTimeout(() => {}, 1); structuredClone({}); fetch; require('fs'); __dirname; import.meta.dirname",
      ],
    ],
    [
      "the notebook's globals",
      ["display({ a: 1 }, { id: 'x' }); _ + 1; const r = await pmap([1, 2], (n) => n * 2); r[0]?.toFixed()"],
    ],
    [
      "bench and py",
      [
        "const b = await bench({ a: () => 1, b: [Math.max, 1] }, { budget: '1s' }); b.verdict.length; await py.f(1); await py.math.pi; py('python3').g(2)",
      ],
    ],
    [
      "labels, unused names, unreachable code",
      ["typescript: 1 + 1\nfunction f(unused: number) { return 1; f(2) }"],
    ],
    [
      "an object literal as the last expression",
      ["const a = 1", "{ a, b: 2 }", "const z = 1\n{ a: z, b: [2] }"],
    ],
    [
      "JSX",
      [
        "const React = { createElement: (...a: unknown[]) => a }",
        "declare global { namespace JSX { interface IntrinsicElements { p: { id?: string } } } }\nconst para = <p id='x'>hi</p>",
        "para",
      ],
    ],
    [
      "generic arrows and assertions stay TypeScript",
      ["const id = <T>(x: T) => x; const n = <number>id(1); const s = '</p>'"],
    ],
    [
      "decorators",
      ["function log(value: unknown, context: ClassDecoratorContext) { context.name }\n@log class D {}"],
    ],
    ["using", ["using r = { v: 1, [Symbol.dispose]() {} }", "r.v.toFixed()"]],
    ["packages by Deno's names and without types", ["import x from 'npm:lodash@4'\nx.anything"]],
    [
      "names that are globals already",
      [
        "const process = 'mine'; interface Event { q: 1 } class Response { mine = 1 }; let status = 1; import crypto from 'node:crypto'; type Buffer = 'b'",
        "process.length; const e: Event = { q: 1 }; new Response().mine; status = 2; crypto.createHash('md5'); const b: Buffer = 'b'",
        "const process = { own: 1 }; process.own; function Response() { return 1 }; Response().toFixed()",
      ],
    ],
    ["a global shadowed, then assigned", ["let performance = 1", "performance = 2; performance.toFixed()"]],
    [
      "declarations of other languages' cells",
      [
        "\n\ndeclare const fib: { (n: number): bigint; async(n: number): Promise<bigint> };\ndeclare let total: number;",
        "fib(3) + (await fib.async(4)); total = 4",
      ],
    ],
    [
      "symbols, enums as values",
      [
        "const s = Symbol('s'); const enum C { A = 1 }\nenum D { A, B }",
        "const o = { [s]: 1 }; o[s].toFixed(); D[D.A].length; const c: C = C.A",
      ],
    ],
    [
      "a function with overloads and a namespace",
      [
        "function f(a: string): string\nfunction f(a: number): number\nfunction f(a: any) { return a }\nnamespace f { export const v = 1 }",
        "f(1).toFixed(); f('').length; f.v",
      ],
    ],
    [
      "a constant that is a type as well",
      ["const Shape = { a: 1 }; type Shape = typeof Shape", "const s: Shape = Shape; s.a"],
    ],
    ["a cell with Windows line ends", ["const w = 1\r\nconst v = w\r\n", "w + v"]],
  ])("%s", async (_name, cells) => {
    expect(await check(cells)).toEqual([]);
  });
});

describe("cells with a mistake", () => {
  test.each<[string, string[], string[]]>([
    [
      "a wrong type",
      ["const a = 1\nconst b: string = a"],
      ["2:7 2322 Type 'number' is not assignable to type 'string'."],
    ],
    [
      "an earlier name's type",
      ["const a = 1", "a.foo"],
      ["1:3 2339 Property 'foo' does not exist on type '1'."],
    ],
    [
      "an earlier let's type",
      ["let n = 1", "n = 'a'"],
      ["1:1 2322 Type 'string' is not assignable to type 'number'."],
    ],
    [
      "an earlier const assigned",
      ["const n = 1", "n = 2"],
      ["1:1 2588 Cannot assign to 'n' because it is a constant."],
    ],
    ["an unknown name", ["\n  mising + 1"], ["2:3 2304 Cannot find name 'mising'."]],
    [
      "a name that is a global already",
      ["const process = 'mine'", "process.foo"],
      ["1:9 2339 Property 'foo' does not exist on type '\"mine\"'."],
    ],
    [
      "a type of an earlier cell in the message",
      ["class Point { x = 1 }", "class Point { y = 1 }\nconst p: Point = 1"],
      ["2:7 2322 Type 'number' is not assignable to type 'Point'."],
    ],
    [
      "in an object literal",
      ["const z = 1\n{ a: z.foo, b: [2] }"],
      ["2:8 2339 Property 'foo' does not exist on type '1'."],
    ],
    [
      "a module that is not there",
      ["import a from 'not-there'"],
      ["1:15 2307 Cannot find module 'not-there' or its corresponding type declarations."],
    ],
    ["syntax", ["const a = ;"], ["1:11 1109 Expression expected."]],
    ["not closed", ["const a = `abc"], ["1:15 1160 Unterminated template literal."]],
  ])("%s", async (_name, cells, expected) => {
    expect(await check(cells)).toEqual(expected);
  });

  test("a finding has its file and its whole range", async () => {
    const [found] = await shared.check("cell-9.ts", "const b: string =\n  1");
    expect(found).toEqual({
      file: "cell-9.ts",
      line: 1,
      column: 7,
      endLine: 1,
      endColumn: 8,
      severity: "error",
      code: 2322,
      message: "Type 'number' is not assignable to type 'string'.",
    });
  });

  test("after a reset nothing is known", async () => {
    await shared.commit("cell-1.ts", "const gone = 1; let crypto = 2");
    await shared.reset();
    expect(await check(["gone"])).toEqual(["1:1 2304 Cannot find name 'gone'."]);
    expect(await check(["crypto.subtle"])).toEqual([]);
  });
});

describe("the notebook's folder", () => {
  const at = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  test("local modules, and what changes in them", async () => {
    const inside = at("local");
    writeFileSync(join(inside, "one.ts"), `import { two } from "./two.js"; export const one = two`);
    writeFileSync(join(inside, "two.ts"), `export const two = 1`);
    writeFileSync(join(inside, "data.json"), `{ "a": 1 }`);
    const service = open(inside);
    const cell = `import { one } from "./one"\nimport data from "./data.json" with { type: "json" }\none.toFixed() + data.a`;
    expect(await check([cell], service)).toEqual([]);
    writeFileSync(join(inside, "two.ts"), `export const two = "text"`);
    expect(await check([cell], service)).toEqual([
      "3:5 2551 Property 'toFixed' does not exist on type '\"text\"'. Did you mean 'fixed'?",
    ]);
    rmSync(join(inside, "data.json"));
    expect((await check([cell], service)).join()).toContain("2307 Cannot find module './data.json'");
  });

  test("a package that is installed between two cells", async () => {
    const inside = at("install");
    const service = open(inside);
    const cell = `import thing from "thing"\nimport { x } from "@s/typed"\nthing.length + x`;
    expect(await check([cell], service)).toHaveLength(2);
    const files = {
      "thing/package.json": `{ "name": "thing", "main": "i.js", "types": "i.d.ts" }`,
      "thing/i.d.ts": `declare const thing: string; export default thing`,
      "@s/typed/package.json": `{ "name": "@s/typed", "main": "i.js" }`,
      "@s/typed/i.js": `exports.x = 1`,
      "@types/s__typed/package.json": `{ "name": "@types/s__typed", "types": "i.d.ts" }`,
      "@types/s__typed/i.d.ts": `export const x: number`,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(inside, "node_modules", name, ".."), { recursive: true });
      writeFileSync(join(inside, "node_modules", name), text);
    }
    expect(await check([cell], service)).toEqual([]);
  });

  test("the folder's tsconfig.json, with what cells need", async () => {
    const inside = at("config");
    writeFileSync(
      join(inside, "tsconfig.json"),
      `{ // as people write it
        "compilerOptions": { "noImplicitAny": false, "strictNullChecks": true, "module": "commonjs", "noUnusedLocals": true, "verbatimModuleSyntax": true, "isolatedModules": true },
        "include": ["src/**/*"],
      }`,
    );
    const service = open(inside);
    expect(
      await check(["interface R { a: 1 }", "const f = (x) => x; await f(1); const r: R = { a: 1 }"], service),
    ).toEqual([]);
    expect(await check(["const n: number = null"], service)).toHaveLength(1);
  });

  test("the nearest tsconfig.json above", async () => {
    const inside = at("above/deep/er");
    writeFileSync(join(folder, "above", "tsconfig.json"), `{ "compilerOptions": { "strict": false } }`);
    const service = open(inside);
    expect(await check(["const n: number = null; const f = (x) => x"], service)).toEqual([]);
  });

  test("nothing is written into it", async () => {
    const inside = at("untouched");
    const service = open(inside);
    await check(["const a = 1", "a"], service);
    expect(readdirSync(inside)).toEqual([]);
  });
});

describe("completion", () => {
  /** Completes at the bar. */
  const complete = async (text: string) => {
    const offset = text.indexOf("|");
    const { start, end, matches } = await shared.complete(text.replace("|", ""), offset);
    return {
      replaced: text.replace("|", "").slice(start, end),
      texts: matches.map((match) => match.text),
      matches,
    };
  };

  test("members of an earlier cell's value", async () => {
    await shared.commit("cell-1.ts", "const point = { across: 1, along: 2, up: 3 }");
    expect((await complete("point.|")).texts).toEqual(["across", "along", "up"]);
    expect(await complete("const q = 1\npoint.al|on + q")).toMatchObject({
      replaced: "al",
      texts: ["along"],
    });
    expect((await complete("point.|")).matches[0]).toEqual({ text: "across", kind: "field" });
  });

  test("names at the top level: the cell's, earlier cells', globals, keywords", async () => {
    await shared.commit("cell-1.ts", "const wholesale = 1; class Wholesaler {}");
    const { replaced, texts } = await complete("let wholeNumber = 1\nwhol|");
    expect(replaced).toBe("whol");
    expect([...texts].sort()).toEqual(["Wholesaler", "wholeNumber", "wholesale"]);
    expect((await complete("struc|")).texts).toEqual(["structuredClone"]);
    expect((await complete("proces|")).texts).toEqual(["process"]);
    expect((await complete("whil|")).texts).toEqual(["while"]);
    expect((await complete("displ|")).texts).toEqual(["display"]);
    expect((await complete("__|")).texts.filter((text) => /tandem|pmap/.test(text))).toEqual([]);
  });

  test("in an import, a string, a type, an object", async () => {
    expect((await complete("import { readFileSy| } from 'node:fs'")).texts).toEqual(["readFileSync"]);
    await shared.commit("cell-1.ts", "type Size = 'large' | 'small'");
    expect(await complete("const size: Size = 'la|'")).toMatchObject({ replaced: "la", texts: ["large"] });
    expect((await complete("type Wide = 1; let w: Wid|")).texts).toContain("Wide");
    expect((await complete("const o: { first: 1; second: 2 } = { fir| }")).texts).toEqual(["first"]);
  });

  test("in unfinished code", async () => {
    expect((await complete("function f(a: string) {\n  if (a.starts|")).texts).toEqual(["startsWith"]);
  });

  test("names that are globals already", async () => {
    await shared.commit("cell-1.ts", "const performance = { mine: 1 }");
    expect((await complete("performance.mi|")).texts).toEqual(["mine"]);
  });
});

describe("inspection", () => {
  const inspect = (text: string) => shared.inspect(text.replace("|", ""), text.indexOf("|"));

  test("an earlier cell's function, with its documentation", async () => {
    await shared.commit("cell-1.ts", "/** Doubles a number. */\nfunction twice(n: number) { return n * 2 }");
    const expected = { signature: "function twice(n: number): number", documentation: "Doubles a number." };
    expect(await inspect("twi|ce(1)")).toEqual(expected);
    expect(await inspect("twice|")).toEqual(expected);
    expect(await inspect("twice(1, [2, (3)], |")).toEqual(expected);
  });

  test.each([
    ["const row = { id: 1 }", "ro|w", "const row: {\n    id: number;\n}"],
    ["let rows = [1]", "rows|", "let rows: number[]"],
    ["class Row { id = 1 }", "new Row|()", "constructor Row(): Row"],
    ["interface Row { id: 1 }", "let r: Ro|w", "interface Row"],
    [
      "import { join } from 'node:path'",
      "join|",
      "(method) path.PlatformPath.join(...paths: string[]): string",
    ],
  ])("%s: %s", async (cell, text, signature) => {
    await shared.commit("cell-1.ts", cell);
    expect((await inspect(text))?.signature).toBe(signature);
  });

  test("nothing to say", async () => {
    expect(await inspect("1 + |")).toBeUndefined();
    expect(await inspect("|")).toBeUndefined();
  });
});

describe("the server's process", () => {
  const children = () =>
    readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  const serversOf = () =>
    children().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp"));

  test.runIf(process.platform === "linux")("starts when asked, again when it died, and ends", async () => {
    const before = serversOf();
    const service = open();
    expect(serversOf()).toEqual(before);
    expect(await check(["const kept = 1", "kept.toFixed()"], service)).toEqual([]);
    const [pid = 0] = serversOf().filter((one) => !before.includes(one));
    expect(pid).not.toBe(0);
    process.kill(pid, "SIGKILL");
    expect(await check(["kept.foo"], service)).toEqual([
      "1:6 2339 Property 'foo' does not exist on type '1'.",
    ]);
    // While it is being asked.
    const [second = 0] = serversOf().filter((one) => !before.includes(one));
    const asked = service.check("cell-1.ts", "kept.bar");
    process.kill(second, "SIGKILL");
    expect(short(await asked)).toEqual(["1:6 2339 Property 'bar' does not exist on type '1'."]);
    await service.close();
    expect(serversOf()).toEqual(before);
    await expect(service.check("cell-1.ts", "1")).rejects.toThrow("ended");
  });
});
