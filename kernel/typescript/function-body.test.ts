import { describe, expect, test } from "vitest";
import { originalPosition } from "./edits.ts";
import { transformBody } from "./function-body.ts";
import { CellSyntaxError } from "./syntax-error.ts";

const importer = async (specifier: string) => ({ default: specifier, a: 1 });

/** Calls the body as the parts do: between the braces of a function. */
async function call(source: string): Promise<unknown> {
  const { code, isAsync } = transformBody(source, { file: "cell-1.ts" });
  const make = new Function("__tandem_import", `return ${isAsync ? "async " : ""}() => {${code}\n}`);
  return await make(importer)();
}

describe("the last expression is the return value", () => {
  test.each<[string, unknown]>([
    ["1 + 1", 2],
    ["const a: number = 2\na * 3", 6],
    ["const a = 2;\n(a)", 2],
    ["if (true) return 'early' as string\n'late'", "early"],
    ["{ a: 1, b: 2 }", { a: 1, b: 2 }],
    ["const a = 1\n{ a, b: 2 }", { a: 1, b: 2 }],
    ["const a = 1\n{ a }", { a: 1 }],
    ["await Promise.resolve(4)", 4],
    ["import d, { a } from 'm'\n;[d, a]", ["m", 1]],
    ["(await import('m')).a", 1],
    ["enum E { A = 3 }\nE.A", 3],
    ["enum E { A = 3 }\nif (E.A) return E.A\n4", 3],
    ["using r = { v: 5, [Symbol.dispose]() {} }\nr.v", 5],
    ["using r = { v: 5, [Symbol.dispose]() {} }\nif (r) return r.v + 1\n0", 6],
    ["'a' // comment\n// and more", "a"],
    ["7;;", 7],
    ["const f = 1", undefined],
    ["let s = 0; for (const x of [1, 2]) s += x", undefined],
    ["", undefined],
  ])("%j gives %j", async (source, value) => {
    expect(await call(source)).toEqual(value);
  });

  test("what the body is", () => {
    expect(transformBody("x", { file: "c.ts" })).toMatchObject({
      isAsync: false,
      hasResult: true,
      imports: [],
    });
    expect(transformBody("async () => await x", { file: "c.ts" }).isAsync).toBe(false);
    expect(transformBody("for await (const x of y);", { file: "c.ts" })).toMatchObject({
      isAsync: true,
      hasResult: false,
    });
    expect(transformBody("import { b as c } from 'm'", { file: "c.ts" })).toMatchObject({
      isAsync: true,
      imports: [{ local: "c", specifier: "m", imported: "b" }],
    });
  });
});

test.each([
  ["\n\nconst a = {\n  b: 1 as number,\n}\n\na.b.c()", 7, "a.b.c"],
  ["if (x) return 1 as number\n\nfoo(bar)", 3, "foo"],
  ["enum E { A }\n\n\nif (x) return 1\n  missing()", 5, "missing"],
])("lines and columns are found again: %j", (source, line, needle) => {
  const { code, sourceMap } = transformBody(source, { file: "c.ts" });
  const lines = code.split("\n");
  const generated = lines.findIndex((text) => text.includes(needle));
  const column = lines[generated]?.indexOf(needle) ?? -1;
  const found = originalPosition(sourceMap?.mappings ?? "")(generated, column);
  const expected = [line - 1, source.split("\n")[line - 1]?.indexOf(needle)];
  expect(found).toEqual(expected);
});

test("JavaScript alone: lines stay", () => {
  const { code } = transformBody("const a = 1\n\n  a + 1 // end\n", { file: "c.ts" });
  expect(code).toBe("const a = 1\n\n  return a + 1 // end\n");
});

test.each([
  ["if (x) return 1\nlet = ;", 2, 7],
  ["return (", 1, 9],
  ["return 1\nlet a; let a", 2, 12],
  ["1\nexport const x = 1", 2, 1],
])("%j is refused at its place", (source, line, column) => {
  const failure = () => transformBody(source, { file: "c.ts" });
  expect(failure).toThrow(CellSyntaxError);
  expect(failure).toThrow(expect.objectContaining({ line, column }));
});
