import { type Runtime, Session } from "node:inspector";
import { beforeAll, describe, expect, test } from "vitest";
import { originalPosition } from "./edits.ts";
import { CellSyntaxError } from "./syntax-error.ts";
import { transformCell } from "./transform.ts";

// Cells run as in the engine: by the inspector, in V8's REPL mode, in one scope for the whole file.
const session = new Session();
let cells = 0;

beforeAll(() => {
  session.connect();
  Object.assign(globalThis, {
    __tandem_import: async (specifier: string, attributes?: Record<string, string>) =>
      specifier === "counted"
        ? { default: "D", a: 1, b: 2, attributes, count: ++imported }
        : await import(specifier),
    __tandem_meta: { url: "file:///notebook/cell.ts" },
  });
});

let imported = 0;

function evaluate(expression: string): Promise<{ value?: unknown; error?: string }> {
  // In a variable, since the types of Node 20 do not know replMode.
  const request = { expression, replMode: true, awaitPromise: true, returnByValue: true };
  return new Promise((resolve, reject) => {
    session.post("Runtime.evaluate", request, (failure, answer) => {
      if (failure) return reject(failure);
      // The overload for requests outside the types says `object`.
      const { result, exceptionDetails } = answer as Runtime.EvaluateReturnType;
      const exception = exceptionDetails?.exception;
      resolve(exception ? { error: exception.description ?? "thrown" } : { value: result.value });
    });
  });
}

/** Runs a cell and gives what it would show, or the error's text with stack. */
async function run(source: string): Promise<{ value?: unknown; error?: string; file: string }> {
  const file = `cell-${++cells}.ts`;
  const cell = transformCell(source, { file });
  for (const script of cell.hoisted ?? []) {
    const { error } = await evaluate(`${script}\n//# sourceURL=${file}`);
    if (error) return { error, file };
  }
  const outcome = await evaluate(`${cell.code}\n//# sourceURL=${file}`);
  return outcome.error || cell.showResult ? { ...outcome, file } : { file };
}

/** The value of the last of some cells run one after the other. */
async function shown(...sources: string[]): Promise<unknown> {
  let last: Awaited<ReturnType<typeof run>> | undefined;
  for (const source of sources) last = await run(source);
  expect(last?.error).toBeUndefined();
  return last?.value;
}

/** The 1-based line and column of the error in the cell, through the source map where there is one. */
async function placeOfError(source: string): Promise<string> {
  const { error = "", file } = await run(source);
  const [, line, column] = new RegExp(`${file}:(\\d+):(\\d+)`).exec(error) ?? [];
  const map = transformCell(source, { file }).sourceMap;
  if (!map) return `${line}:${column}`;
  const found = originalPosition(map.mappings)(Number(line) - 1, Number(column) - 1);
  return found ? `${found[0] + 1}:${found[1] + 1}` : "unmapped";
}

describe("results", () => {
  test.each([
    ["1 + 1", 2],
    ["const r1: number = 4; r1 * 2;", 8],
    ["'text'", "text"],
    ["await Promise.resolve(5)", 5],
    ["let r2 = 1\nr2 as number", 1],
    ["7; interface R3 { a: number }", 7],
    ["7\n;;", 7],
    ["{ a: 1 }", { a: 1 }],
    ["{ a: 1, b: [2 as number] }", { a: 1, b: [2] }],
    ["const r4 = 3\n{ r4, b: 2 }", { r4: 3, b: 2 }],
    ["const r5 = 3\n{ r5 }", { r5: 3 }],
    ["{}", {}],
    ["{ ...{ z: 1 } };", { z: 1 }],
    ["export default 42", 42],
    ["export default { a: 1 }", { a: 1 }],
    ["(function () { return 3 })()", 3],
    ["enum R6 { A = 4 }\nR6.A", 4],
    ["using r7 = { v: 9, [Symbol.dispose]() {} }\nr7.v", 9],
    ["import * as r8 from 'counted'\nr8.a", 1],
  ])("%j shows %j", async (source, value) => {
    expect(await shown(source)).toEqual(value);
  });

  test.each([
    "const n1 = 1",
    "1; const n2 = 2",
    "1; export const n3 = 2",
    "let n4 = 0; for (let i = 0; i < 3; i++) n4 += i",
    "if (true) { 5 }",
    "1; function n5() {}",
    "1; var n6 = 3",
    "1; class N7 {}",
    "1; export default class N8 {}",
    "import 'counted'",
    "type N9 = number",
    "",
    "// nothing",
    "using n10 = null",
    "{ let n11 = 1; n11 }",
  ])("%j shows nothing", (source) => {
    expect(transformCell(source, { file: "cell.ts" }).showResult).toBe(false);
  });

  test("a block that calls is a block", async () => {
    expect(await shown("let called = 0; const callIt = () => { called++ }", "{ callIt() }", "called")).toBe(
      1,
    );
  });
});

describe("redeclaration", () => {
  const kinds = {
    let: "let NAME = 'let'",
    const: "const NAME = 'const'",
    var: "var NAME = 'var'",
    function: "function NAME() { return 'function' }",
    class: "class NAME { static it = 'class' }",
    import: "import { a as NAME } from 'counted'",
    enum: "enum NAME { A }",
    pattern: "var { NAME } = { NAME: 'pattern' }",
    "for var": "for (var NAME = 0; NAME < 1; NAME++);",
  };
  const show =
    "typeof NAME === 'function' ? NAME.it ?? NAME() : typeof NAME === 'object' ? 'enum' : NAME === 1 ? 'one' : NAME";
  const pairs = Object.entries(kinds).flatMap(([a, one]) =>
    Object.entries(kinds).map(([b, two]) => [a, b, one, two] as const),
  );
  test.each(pairs)("%s, then %s", async (_first, second, one, two) => {
    const name = `redeclared${cells}`;
    const fill = (text: string) => text.replaceAll("NAME", name);
    const value = await shown(fill(one), fill(two), fill(show));
    expect(value).toBe(second === "import" || second === "for var" ? "one" : second);
  });

  test("functions are there before their lines", async () => {
    expect(await shown("const early = late(2)\nfunction late(n: number) { return n * 2 }\nearly")).toBe(4);
  });

  test("functions keep their names and see each other and later variables", async () => {
    expect(
      await shown(
        "function even(n) { return n === 0 || odd(n - 1) } function odd(n) { return n !== 0 && even(n - 1) }",
        "function* counting() { yield base }; async function waiting() { return [...counting()] }\nconst base = 5",
        "[even(8), even.name, counting.name, waiting.name, await waiting()]",
      ),
    ).toEqual([true, "even", "counting", "waiting", [5]]);
  });

  test("a function called again through its name sees a new declaration", async () => {
    expect(
      await shown(
        "function again(n) { return n ? again(n - 1) : 'old' }",
        "const first = again",
        "let again = () => 'new'",
        "first(1)",
      ),
    ).toBe("new");
  });

  test("var is hoisted, assigned in nested statements, and ends the line before", async () => {
    expect(await shown("const seen = typeof hv\nif (true) { var hv = 3 }\n[seen, hv]")).toEqual([
      "undefined",
      3,
    ]);
    expect(await shown("let asi = [1, 2]\nvar [asi0, asi1] = asi\nasi1")).toBe(2);
    expect(await shown("let o = {x: 1, y: 2}, y\nvar {x: ox} = o, oy = 5\nox + oy")).toBe(6);
    expect(
      await shown(
        "var sum = 0\nfor (var {v} of [{v: 1}, {v: 2}]) sum += v\nfor (var key in {k: 1}) sum += key.length\nsum",
      ),
    ).toBe(4);
    expect(await shown("if (true) var single = 1; else var single = 2\nsingle")).toBe(1);
  });
});

describe("imports", () => {
  test("every form binds", async () => {
    expect(
      await shown(
        `import d, { a, b as c } from "counted"
import d2, * as ns from "counted"
import type { T } from "nowhere"
import { type U } from "nowhere"
import "counted"
import { join } from "node:path"
;[d, a, c, d2, ns.a, join("x", "y").length]`,
      ),
    ).toEqual(["D", 1, 2, "D", 1, 3]);
  });

  test("what parts learn of the bindings", () => {
    const { imports, declared } = transformCell(
      `import d, { a as x, type T } from "m"; import * as ns from "n"; import "s"; import type Q from "q"`,
      { file: "cell.ts" },
    );
    expect(imports).toEqual([
      { local: "d", specifier: "m", imported: "default" },
      { local: "x", specifier: "m", imported: "a" },
      { local: "ns", specifier: "n", imported: "*" },
    ]);
    expect(declared.map(({ name }) => name)).toEqual(["d", "x", "ns"]);
  });

  test("attributes and the imported names reach the importer", () => {
    const { code } = transformCell(`import { a as b } from "./x.json" with { type: "json" };`, {
      file: "c.ts",
    });
    expect(code).toBe(`let {"a": b} = await __tandem_import("./x.json", {"type": "json"}, ["a"], ["a"]);`);
  });

  test("names that the cell uses for no value may be types", () => {
    const code = (source: string) => transformCell(source, { file: "c.ts" }).code;
    const source = `import { Row, make as m } from "m"\nconst row: Row = m()`;
    expect(code(source)).toContain(`("m", undefined, ["Row","make"], ["Row"])`);
    expect(code(`${source}\nrow instanceof Row`)).toContain(`("m", undefined, ["Row","make"]);`);
    expect(code(`${source}\nenum E {}`)).toContain(`("m", undefined, ["Row","make"], ["Row"])`);
  });

  test("dynamic imports with and without options, nested", async () => {
    expect(
      await shown(
        "const load = async (m: string) => (await import(m, { with: { type: 'json' } })).attributes",
        "[await load('counted'), (await import('counted')).a]",
      ),
    ).toEqual([{ type: "json" }, 1]);
  });

  test("import.meta, export lists and re-exports", async () => {
    expect(await shown("const meta = import.meta.url\nexport { meta }\nexport * from 'counted'\nmeta")).toBe(
      "file:///notebook/cell.ts",
    );
  });

  test("an import below its first use is hoisted", async () => {
    expect(
      await shown("const used = j2('a', 'b').length\nimport { join as j2 } from 'node:path'\nused"),
    ).toBe(3);
  });

  test("an unused import stays, also where code is compiled", async () => {
    expect(await shown("import { a as kept } from 'counted'\nenum Unused { A }", "kept")).toBe(1);
  });

  test("import equals", async () => {
    Object.assign(globalThis, { require: (name: string) => ({ name }) });
    expect(await shown("import eq = require('fs')\neq.name")).toBe("fs");
  });
});

describe("what is compiled", () => {
  test.each([
    ["namespace C1 { export const a = 2 }\nC1.a", 2],
    ["class C2 { constructor(public readonly x: number) {} }\nnew C2(4).x", 4],
    ["const c3 = <number>5\nc3", 5],
    [
      "const seenBy: string[] = []\nconst log = (v: any, c: any) => { seenBy.push(c.kind) }\n@log class C4 { @log m() {} }\nseenBy",
      ["method", "class"],
    ],
    ["const React = { createElement: (...a: unknown[]) => a };\n<p id='x'>hi</p>", ["p", { id: "x" }, "hi"]],
    ["let closed = 0\n{ using c6 = { [Symbol.dispose]() { closed++ } } }\nclosed", 1],
    [
      "let closed2 = ''\nasync function c7() { await using a = { async [Symbol.asyncDispose]() { closed2 += 'a' } }; closed2 += 'b' }\nawait c7()\nclosed2",
      "ba",
    ],
  ])("%j", async (source, value) => {
    expect(await shown(source)).toEqual(value);
  });

  test("using at the top level closes at the end of the cell, and the names stay", async () => {
    expect(
      await shown(
        "const log8: string[] = []; const open8 = (n: string) => ({ n, [Symbol.dispose]() { log8.push(n) } })",
        "using a8 = open8('a'), b8 = open8('b')\nconst c8 = 8\nfunction f8() { return c8 }\nlog8.push('body')",
        "[...log8, a8.n, f8()]",
      ),
    ).toEqual(["body", "b", "a", "a", 8]);
  });

  test("helpers of the compiler are not declared names", () => {
    const { declared } = transformCell("using x = null\nenum E { A }", { file: "cell.ts" });
    expect(declared.map(({ name }) => name).sort()).toEqual(["E", "x"]);
  });
});

describe("positions", () => {
  const fail = "null.x";
  test.each([
    [`const p: number = 1; ${fail}`, "1:27"],
    [`type A = {\n a: 1\n}\n  const q: A = ${fail}`, "4:21"],
    [`const é: "😀" = "😀" as const; ${fail}`, "1:37"],
    [`import { join } from "node:path"; ${fail}`, "1:40"],
    [`import {\n  join\n} from "node:path"\n${fail}`, "4:6"],
    [`const m = (await import("node:path"), ${fail})`, "1:44"],
    [`function pf1() {\n  return ${fail}\n}\npf1()`, "2:15"],
    [`function pf2() { return ${fail} } pf2()`, "1:30"],
    [`export async function pf3() { ${fail} }\nawait pf3()`, "1:36"],
    [`enum PE { A }\n\nfunction pf4(a: number) {\n    return a + ${fail}\n}\npf4(1)`, "4:21"],
    [`{ a: 1, b: ${fail} }`, "1:17"],
    [`const p5 = 1\n{ a: 1, b: ${fail} }`, "2:17"],
    [`@((v: unknown) => v) class PD { m(): void { ${fail} } }\nnew PD().m()`, "1:50"],
    [`var pv: any = 1, pw = ${fail}`, "1:28"],
    [`let pz = 1;\r\n${fail}`, "2:6"],
  ])("%j fails at %s", async (source, place) => {
    expect(await placeOfError(source)).toBe(place);
  });

  test("types alone need no map", () => {
    expect(
      transformCell("const a: number = 1\nfunction f(x: string): void {}\nvar b = 2", { file: "c.ts" })
        .sourceMap,
    ).toBeUndefined();
  });
});

describe("syntax errors", () => {
  const failure = (source: string): CellSyntaxError => {
    try {
      transformCell(source, { file: "cell-7.ts" });
    } catch (error) {
      if (error instanceof CellSyntaxError) return error;
      throw error;
    }
    throw new Error("it parsed");
  };
  test.each([
    ["const a = ;", 1, 11],
    ["let x = 1\nlet y = = 2\nlet z", 2, 9],
    ["const é😀 = 1", 1, 8],
    ["const s = 'é漢😀'; let = ;", 1, 25],
    ["let a = 1; let a = 2", 1, 16],
    ["const x = 1\nconst x: number = 2", 2, 7],
    ["return 1", 1, 1],
    ["foo(", 1, 5],
    ["const v = <div>", 1, 16],
    ["class A { #p = 1 }\nnew A().#q", 2, 9],
    ["import { a } from 'm'\nimport { a } from 'n'", 2, 10],
    ["/(/", 1, 2],
    ["await = 3", 1, 7],
    ["break", 1, 1],
  ])("%j at %i:%i", (source, line, column) => {
    const { message, line: l, column: c } = failure(source);
    expect({ line: l, column: c, message }).toEqual({
      line,
      column,
      message: expect.stringMatching(/^\S.*[^)]$|\)$/),
    });
  });

  test("the frame points at the place", () => {
    const error = failure("let x = 1\n\tlet y = = 2\nlet z");
    expect(error.file).toBe("cell-7.ts");
    expect(error.frame).toBe("  1 | let x = 1\n> 2 | \tlet y = = 2\n    | \t        ^\n  3 | let z");
  });
});
