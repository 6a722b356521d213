import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CliFolder } from "../../test/cli.ts";

const cli = new CliFolder();
const { tandem, read } = cli;

it("makes TypeScript that the compiler takes, and the notebook again with its outputs", async () => {
  const output = { output_type: "stream", name: "stdout", text: ["1\n"] };
  const before = cli.notebook("a.ipynb", [
    { source: "# Title", cell_type: "markdown" },
    {
      source: "const n: number = await Promise.resolve(1)\n%config check = off",
      outputs: [output],
      execution_count: 3,
    },
    "%%rust\npub fn f() {}",
    "n.toFixed()",
  ]);
  expect(await tandem("convert", "a.ipynb")).toMatchObject({ code: 0, stdout: "a.ipynb → a.ts\n" });
  const compiler = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--module", "esnext", "--target", "esnext", "--types", "", "a.ts"];
  execFileSync(process.execPath, [compiler, ...options, "--ignoreConfig"], { cwd: cli.path });
  expect(await tandem("convert", "a.ts", "a.ipynb")).toMatchObject({ code: 0 });
  expect(read("a.ipynb")).toBe(before);
  // An edit goes into the notebook; what it does not touch stays.
  cli.write("a.ts", read("a.ts").replace("n.toFixed()", "n + 1"));
  expect(await tandem("convert", "a.ts")).toMatchObject({ code: 0 });
  expect(read("a.ipynb")).toBe(before.replace('"source": "n.toFixed()"', '"source": [\n    "n + 1"\n   ]'));
});

it("does not overwrite a changed .ts, and refuses what it cannot convert", async () => {
  cli.notebook("b.ipynb", ["1"]);
  cli.write("b.ts", "mine");
  const { code, stderr } = await tandem("convert", "b.ipynb", "b.ts");
  expect([code, read("b.ts")]).toEqual([2, "mine"]);
  expect(stderr).toContain("--force");
  expect(await tandem("convert", "b.ipynb", "b.ts", "--force")).toMatchObject({ code: 0 });
  expect(await tandem("convert", "b.ipynb", "b.ts")).toMatchObject({ code: 0 });
  expect(read("b.ts")).toContain("\n1\n");
  for (const args of [
    ["b.txt"],
    ["b.ipynb", "c.ipynb"],
    ["b.ts", "c.ts"],
    [],
    ["a", "b", "c"],
    ["none.ts"],
  ]) {
    expect(await tandem("convert", ...args)).toMatchObject({ code: 2 });
  }
});
