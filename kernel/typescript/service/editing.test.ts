import { describe, expect, test } from "vitest";
import { useTypes } from "../../../test/types.ts";

const { shared } = useTypes();

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
