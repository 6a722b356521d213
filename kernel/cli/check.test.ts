import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CliFolder } from "../../test/cli.ts";

const cli = new CliFolder();
const { tandem } = cli;

it("finds type errors across cells, by cell, line and column, and runs nothing", async () => {
  cli.write("rows.ts", "export const rows: number[] = [1]");
  cli.notebook("bad.ipynb", [
    { source: "# Title", cell_type: "markdown" },
    "import { rows } from './rows'\nimport { writeFileSync } from 'node:fs'\nwriteFileSync('ran', '')",
    { source: "this is skipped", metadata: { tags: ["skip-execution"] } },
    "const first: string = rows[0]!\nrows.lenght",
    "%%pyton\nx = 1",
    "%tiem rows.length\nconst kept = 'a'",
    "kept.toFixed()",
  ]);
  const { code, stdout } = await tandem("check", "bad.ipynb");
  const lines = stdout.split("\n");
  expect(lines[0]).toBe(
    "bad.ipynb:cell-2:1:7 - error TS2322: Type 'number' is not assignable to type 'string'.",
  );
  expect(lines[1]).toMatch(/^bad\.ipynb:cell-2:2:6 - error TS2551: Property 'lenght' does not exist/);
  expect(lines[2]).toBe(
    "bad.ipynb:cell-3:1:1 - warning unknownMagic: There is no magic %%pyton. The nearest name is %%python.",
  );
  expect(lines[3]).toMatch(
    /^bad\.ipynb:cell-4:1:1 - warning unknownLineMagic: There is no line magic %tiem\./,
  );
  expect(lines[4]).toMatch(/^bad\.ipynb:cell-5:1:6 - error TS2551/);
  expect(lines[5]).toBe("Found 3 errors and 2 warnings in 1 notebook.");
  expect(code).toBe(1);
  expect(existsSync(join(cli.path, "ran"))).toBe(false);
});

it("knows what cells of other languages declare", async () => {
  cli.notebook("rust.ipynb", [
    "%%rust\npub struct Point { pub x: f64 }\npub fn twice(n: u32) -> u32 { n * 2 }",
    "%%rust\npub fn far(p: Point) -> f64 { p.x }",
    "const n: number = twice(2); far({ x: 1 }).toFixed()",
    "%%python --out mean\nmean: float = 2.0",
    "mean.toFixed()",
    "%%rust --dpe x=1\npub fn f() {}",
    "twice('2')",
  ]);
  const { code, stdout } = await tandem("check", "rust.ipynb");
  expect(stdout).toMatch(
    /^rust\.ipynb:cell-6:1:8 - error unknownOption: .*\nrust\.ipynb:cell-7:1:7 - error TS2345: [^\n]*\n(?:.*\n)*Found 2 errors/,
  );
  expect(code).toBe(1);
});

it("says in CI where in the file it is, and goes on after a file that it cannot read", async () => {
  cli.notebook("ci.ipynb", ["const n: number = 'a'"]);
  cli.notebook("fine.ipynb", ["await Promise.resolve(1)"]);
  cli.write("broken.ipynb", "{");
  const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: cli.path };
  const { code, stdout, stderr } = await cli.start(["check", "broken.ipynb", "ci.ipynb", "fine.ipynb"], env)
    .ended;
  expect(stdout).toContain("\n::error file=ci.ipynb,line=9,title=Cell 1%2C TS2322::Type 'string' is not");
  expect(stderr).toContain("its JSON is broken");
  expect(stdout).toContain("Found 1 error in 3 notebooks.");
  expect(code).toBe(2);
  expect(await tandem("check", "fine.ipynb")).toMatchObject({ code: 0 });
});
