import { expect, test } from "vitest";
import { activeParameter, callAround, completionsOf, inspectionOf, signatureIn } from "./jupyter-answers.ts";

test("completions: offsets in code points become UTF-16 units, kinds come from the metadata", () => {
  const text = "%%python\n'😀'; ma";
  const answer = {
    matches: ["map", "max"],
    cursor_start: 14,
    cursor_end: 16,
    metadata: { _jupyter_types_experimental: [{ text: "map", type: "class" }, "odd", { text: 1 }] },
  };
  const { start, end, items } = completionsOf(answer, text);
  expect(text.slice(start, end)).toBe("ma");
  expect(items).toEqual([
    { text: "map", kind: "class" },
    { text: "max", kind: "" },
  ]);
  expect(completionsOf({ status: "error" }, text).items).toEqual([]);
});

test("inspections: Markdown, else plain text", () => {
  expect(inspectionOf({ found: true, data: { "text/plain": "a", "text/markdown": "b" } })).toBe("b");
  expect(inspectionOf({ found: true, data: { "text/plain": "a" } })).toBe("a");
  expect(inspectionOf({ found: false, data: { "text/plain": "a" } })).toBeUndefined();
  expect(inspectionOf({ found: true })).toBeUndefined();
});

test("signatures and where their parameters stand", () => {
  const signature = signatureIn(
    "```python\ndef f(a, b: dict[str, int] = {'x': (1, 2)}, /, *, key='a, )', **more) -> int\n```\n\nDoes it.",
  );
  if (!signature) throw new Error("There is no signature.");
  expect(signature.parameters.map(([start, end]) => signature.label.slice(start, end))).toEqual([
    "a",
    "b: dict[str, int] = {'x': (1, 2)}",
    "key='a, )'",
    "**more",
  ]);
  expect(signature.documentation).toBe("Does it.");
  const at = (code: string) => {
    const call = callAround(code, code.length);
    return call && activeParameter(signature, call);
  };
  expect(at("f(")).toBe(0);
  expect(at("f(1, ")).toBe(1);
  expect(at("f([1, 2], {3: 4}, key=")).toBe(2);
  expect(at("f(1, other=")).toBe(3);
  expect(at("f(1, b == 2")).toBe(1);
  expect(signatureIn("```python\nx: int = 1\n```\n\n")).toBeUndefined();
  expect(signatureIn("plain (text)")).toBeUndefined();
});

test("the call around a cursor", () => {
  const at = (code: string) => callAround(code, code.length);
  expect(at("f(1, g(2), [3, ")).toEqual({ opening: 1, arguments: ["1", "g(2)", "[3,"] });
  expect(at("a.b[0].c(\n    'x, (', # no, (\n    y")?.opening).toBe(8);
  expect(at("f('text, ")).toBeUndefined();
  expect(at('f("""text\n, ')).toBeUndefined();
  expect(at("f(1) # , (")).toBeUndefined();
  expect(at("f(1)")).toBeUndefined();
  expect(at("def f(a, ")).toBeUndefined();
  expect(at("if (a, ")).toBeUndefined();
  expect(at("(a, ")).toBeUndefined();
  expect(at("print(f(1), (2, ")).toEqual({ opening: 5, arguments: ["f(1)", "(2,"] });
});
