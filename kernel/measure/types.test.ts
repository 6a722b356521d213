import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MagicCell } from "../cells/magic.ts";
import { readHead, readOptions } from "../cells/magic-line.ts";
import type { Session } from "../cells/session.ts";
import { measureTypes } from "./ambient.ts";
import { benchMagic } from "./magic.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-types-"));
  writeFileSync(join(folder, "ambient.d.ts"), measureTypes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of a text. */
function errorsOf(text: string): string[] {
  writeFileSync(join(folder, "cell-1.ts"), text);
  const tsc = join(process.cwd(), "node_modules", "typescript", "bin", "tsc");
  const flags =
    "--noEmit --strict --target es2023 --module preserve --allowImportingTsExtensions --skipLibCheck";
  const files = ["--types", "", "--pretty", "false", "cell-1.ts", "ambient.d.ts"];
  const { stdout } = spawnSync(process.execPath, [tsc, ...flags.split(" "), ...files], {
    cwd: folder,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line.includes("error"));
}

async function viewOf(source: string): Promise<string> {
  const head = readHead(source);
  if (!head) throw new Error("The cell has no magic line.");
  const cell = { ...readOptions(head, benchMagic), body: head.body, number: 1, file: "cell-1.ts", source };
  // The view asks neither for output nor for a session.
  return (await benchMagic.typeView?.(cell as MagicCell, {} as Session))?.text ?? "";
}

test("what cells are told of a result is what it is", () => {
  const result = JSON.stringify(join(import.meta.dirname, "result.ts"));
  const text = `import type { BenchResult as Real } from ${result};
export const there = (real: Real): BenchResult => real;
export const back = (told: BenchResult): Real => told;`;
  expect(errorsOf(text)).toEqual([]);
});

test("a cell's sides are checked at their own lines, its set-up and its result are declared", async () => {
  const view = await viewOf(
    "%%bench --out timing\nconst n: number = 3\na: n + 1\nb: { let x = n; x }\nc: for (;;) break c",
  );
  expect(view.split("\n")[2]).toBe("a: n + 1");
  expect(errorsOf(`${view}\nexport const s: string = timing.verdict + n;`)).toEqual([]);
  const wrong = errorsOf(`${await viewOf("%%bench\nconst n = 3\na: n.nothing")}\nexport {}`);
  expect(wrong).toEqual([expect.stringMatching(/^cell-1\.ts\(3,6\)/)]);
});

test("bench takes functions, or functions with arguments", () => {
  const call =
    "await bench({ a: () => 1, b: [Math.max, 1, 2], c: async () => {} }, { rounds: 30, budget: '20s' })";
  expect(errorsOf(`export const r: BenchResult = ${call};`)).toEqual([]);
  expect(errorsOf("await bench({ a: 1 }); export {}")).toHaveLength(1);
});
