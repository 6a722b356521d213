import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import type { MagicCell } from "../cells/magic.ts";
import { readHead, readOptions } from "../cells/magic-line.ts";
import type { Session } from "../cells/session.ts";
import { parallelTypes } from "./ambient.ts";
import { parallel } from "./magic.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-types-"));
  writeFileSync(join(folder, "ambient.d.ts"), parallelTypes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of a cell's text, with declarations in front on its first line and checks below it. */
async function errorsOf(source: string, below = "", declarations = ""): Promise<string[]> {
  const head = readHead(source);
  if (!head) throw new Error("The cell has no magic line.");
  const cell = { ...readOptions(head, parallel), body: head.body, number: 1, file: "cell-1.ts", source };
  // The view asks neither for output nor for a session.
  const view = await parallel.typeView?.(cell as MagicCell, {} as Session);
  writeFileSync(join(folder, "declared.d.ts"), declarations);
  writeFileSync(join(folder, "cell-1.ts"), `${view?.text ?? ""}\n${below}\nexport {}`);
  const tsc = join(process.cwd(), "node_modules", "typescript", "bin", "tsc");
  const files = ["cell-1.ts", "ambient.d.ts", "declared.d.ts"];
  const flags = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--types",
    "",
    "--pretty",
    "false",
  ];
  const { stdout } = spawnSync(process.execPath, [tsc, ...flags, ...files], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line.startsWith("cell-1.ts"));
}

const rows = "declare const rows: { w: number; h: number }[];";

test("the declared result has the type of the last expression", async () => {
  const source =
    "%%parallel --out areas [i, { w, h }] of rows.entries()\nconst area: number = w * h\narea + i";
  expect(await errorsOf(source, "const check: number[] = areas", rows)).toEqual([]);
  expect(await errorsOf(source, "const check: string[] = areas", rows)).toHaveLength(1);
});

test("promises are awaited, and failed items may be missing", async () => {
  expect(
    await errorsOf(
      "%%parallel --out texts row of rows\nconst t = await Promise.resolve('x')\nt",
      "const check: string[] = texts",
      rows,
    ),
  ).toEqual([]);
  const partial = "%%parallel --keep-going --out areas { w } of rows\nw";
  expect(
    await errorsOf(partial, "const check: (number | undefined)[] = areas; areas.failures[0]!.index", rows),
  ).toEqual([]);
  expect(await errorsOf(partial, "const check: number[] = areas", rows)).toHaveLength(1);
});

test("the body and the head are checked at their own lines and columns", async () => {
  expect(await errorsOf("%%parallel row of rows\nconst n: string = row.w\nn", "", rows)).toEqual([
    expect.stringMatching(/^cell-1\.ts\(2,7\): error TS2322/),
  ]);
  expect(await errorsOf("%%parallel row of rows.nope\nrow", "", rows)).toEqual([
    expect.stringMatching(/^cell-1\.ts\(1,24\): error TS2339/),
  ]);
  expect(await errorsOf("%%parallel row of 5\nrow")).toEqual([
    expect.stringMatching(/^cell-1\.ts\(1,19\): error/),
  ]);
});

test("other sources give their items' types", async () => {
  const source = (of: string) => `%%parallel --out got x of ${of}\nx`;
  expect(await errorsOf(source("new Float64Array(3)"), "const check: number[] = got")).toEqual([]);
  expect(await errorsOf(source("new Map([[1, 'a']])"), "const check: [number, string][] = got")).toEqual([]);
  expect(
    await errorsOf(
      source("asyncRows()"),
      "const check: Date[] = got",
      "declare function asyncRows(): AsyncIterable<Date>;",
    ),
  ).toEqual([]);
});

test("the last value has the type of the results, and of what they are reduced to", async () => {
  expect(
    await errorsOf(
      "%%parallel [i, { w }] of rows.entries()\nString(i + w)",
      "const check: string[] = _",
      rows,
    ),
  ).toEqual([]);
  expect(await errorsOf("%%parallel { w } of rows\nw", "const check: string[] = _", rows)).toHaveLength(1);
  const reduce = '%%parallel --reduce "(a, b) => a + b" --out sum { w } of rows\nw';
  expect(await errorsOf(reduce, "const check: number = sum; const same: number = _", rows)).toEqual([]);
  expect(
    await errorsOf('%%parallel --reduce "(a: string, b: string) => a" { w } of rows\nw', "", rows),
  ).toHaveLength(1);
  const first = "%%parallel --as-completed --out each { w } of rows\nString(w)";
  const loop =
    "for await (const { index, value } of each) { const i: number = index; const v: string = value }";
  expect(await errorsOf(first, loop, rows)).toEqual([]);
  expect(await errorsOf("%%parallel x of _\nx", "", "declare var _: any;")).toEqual([]);
});

test("what a set-up declares has its types in later cells", async () => {
  expect(
    await errorsOf(
      "%%parallel each\nconst table: Map<string, number> = new Map()",
      "const n: number | undefined = table.get('a')",
    ),
  ).toEqual([]);
  expect(await errorsOf("%%parallel each\nconst table = 5", "const n: string = table")).toHaveLength(1);
});

test("the other functions have types, too", async () => {
  const below = [
    "const sum: number = await preduce(rows, async ({ w }) => w, (a, b) => a + b)",
    "const none: void = await pfor(rows, ({ w }) => w)",
    "const groups: Map<string, { w: number; h: number }[]> = await pgroup(rows, async ({ w }) => String(w))",
    "for await (const { value } of pmap(rows, ({ w }) => w, { asCompleted: true })) { const v: number = value }",
    "const wrong: string = await preduce(rows, ({ w }) => w, Math.max)",
  ].join(";");
  expect(await errorsOf("%%parallel x of []\nx", below, rows)).toEqual([expect.stringContaining("TS2322")]);
});

test("pmap has types of its own", async () => {
  const below =
    "const a: string[] = await pmap(rows, (row, i) => row.w + String(i)); const b = await pmap(rows, async ({ h }) => h, { keepGoing: true }); const c: number | undefined = b[0]; b.failures; await pmap(rows, (r) => r, { threads: 2 })";
  const errors = await errorsOf("%%parallel x of []\nx", below, rows);
  expect(errors).toEqual([expect.stringContaining("No overload matches")]);
});

test("in a notebook the last value's type is known until the next cell", async () => {
  await withKernel(
    undefined,
    async (k) => {
      await k.run("%%parallel x of [1, 2]\nString(x)");
      expect((await k.run("const n: number = _[0]")).stderr).toContain("Type warning");
      // Any other cell may have a value.
      await k.run("%%parallel x of [1, 2]\nString(x)");
      await k.run("5");
      expect((await k.run("const m: number = _")).stderr).toBe("");
    },
    { types: true },
  );
});
