import { execFileSync } from "node:child_process";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CliFolder } from "../../test/cli.ts";

const cli = new CliFolder();
const { tandem, read } = cli;
const output = { output_type: "stream", name: "stdout", text: ["x\n"] };
const ran = { source: "1", outputs: [output], execution_count: 3 };

it("removes outputs and counts, of kept cells not, and leaves a stripped file alone", async () => {
  const before = cli.notebook("a.ipynb", [
    ran,
    { ...ran, metadata: { tags: ["keep-output"] } },
    { source: "# T", cell_type: "markdown" },
  ]);
  expect(await tandem("strip", "a.ipynb", "--check")).toMatchObject({
    code: 1,
    stdout: "a.ipynb has outputs.\n",
  });
  expect(read("a.ipynb")).toBe(before);
  expect(await tandem("strip", "*.ipynb")).toMatchObject({ code: 0, stdout: "a.ipynb was stripped.\n" });
  const { cells } = JSON.parse(read("a.ipynb"));
  expect([cells[0].outputs, cells[0].execution_count, cells[1].execution_count]).toEqual([[], null, 3]);
  expect(cells[2]).not.toHaveProperty("outputs");
  const { mtimeNs } = statSync(join(cli.path, "a.ipynb"), { bigint: true });
  expect(await tandem("strip", "a.ipynb")).toMatchObject({ code: 0, stdout: "" });
  expect(await tandem("strip", "a.ipynb", "--check")).toMatchObject({ code: 0, stdout: "" });
  expect(statSync(join(cli.path, "a.ipynb"), { bigint: true }).mtimeNs).toBe(mtimeNs);
});

it("refuses what is no notebook", async () => {
  cli.write("v3.json", '{"nbformat": 3}');
  expect(await tandem("strip", "v3.json")).toMatchObject({ code: 2 });
  expect(await cli.start(["strip", "-"], {}, "no notebook").ended).toMatchObject({ code: 2, stdout: "" });
  expect(await tandem("strip")).toMatchObject({ code: 2 });
});

it("keeps outputs out of git as a filter", async () => {
  const command = `"${process.execPath}" "${join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs")}" strip -`;
  const before = cli.notebook("b.ipynb", [ran]);
  copyFileSync(join(cli.path, "b.ipynb"), join(cli.path, "c.ipynb"));
  expect(await tandem("strip", "c.ipynb")).toMatchObject({ code: 0 });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: cli.path, encoding: "utf8" });
  git("init", "-q");
  git("config", "filter.tandem.clean", command);
  cli.write(".gitattributes", "*.ipynb filter=tandem\n");
  git("add", "b.ipynb");
  expect(git("show", ":b.ipynb")).toBe(read("c.ipynb"));
  expect(read("b.ipynb")).toBe(before);
});
