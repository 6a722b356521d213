import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliFolder } from "../../../test/cli.ts";

const cli = new CliFolder();
const { read } = cli;

/** Mounts a small disk in memory; false where this user may not. */
function mount(folder: string, ...options: string[]): boolean {
  return (
    spawnSync("mount", ["-t", "tmpfs", "-o", ["size=64k", ...options].join(), "tmpfs", folder]).status === 0
  );
}

const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-mount-"));
  const could = mount(folder);
  if (could) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
  return could;
})();

describe.skipIf(!canMount)("on real disks (needs a user who may mount)", () => {
  let disk: string;
  beforeAll(() => {
    disk = join(cli.path, "disk");
    mkdirSync(disk);
    mount(disk);
  });
  afterAll(() => spawnSync("umount", [disk]));

  it("loses nothing to a full disk: the notebook is as it was, the results are elsewhere", async () => {
    const aside = join(cli.path, "aside");
    mkdirSync(aside);
    // The disk fills up while the notebook runs.
    const fill = `import { writeFileSync } from 'node:fs'
      try { writeFileSync('rest', Buffer.alloc(1 << 20)) } catch (error) { console.log((error as { code?: string }).code) }`;
    const before = cli.notebook("disk/full.ipynb", [fill, "'x'.repeat(9000)"]);
    const { code, stderr } = await cli.start(["run", "disk/full.ipynb", "--in-place"], { TMPDIR: aside })
      .ended;
    expect(stderr).toContain("disk/full.ipynb was not written. What belongs there is in");
    expect(stderr).toContain("ENOSPC");
    expect(code).toBe(2);
    expect(read("disk/full.ipynb")).toBe(before);
    expect(readdirSync(disk).sort()).toEqual(["full.ipynb", "rest"]);
    const [saved = ""] = readdirSync(aside).filter((name) => name.startsWith("full.unsaved-"));
    expect(stderr).toContain(join(aside, saved));
    expect(cli.outputs(`aside/${saved}`)[0]).toMatchObject([{ text: ["ENOSPC\n"] }]);
    expect(cli.outputs(`aside/${saved}`)[1]).toHaveLength(1);
    rmSync(join(disk, "rest"));
  });

  it("refuses a disk that is read-only before anything runs", async () => {
    const before = cli.notebook("disk/fixed.ipynb", ["require('node:fs').writeFileSync('../ran', '')"]);
    spawnSync("mount", ["-o", "remount,ro", disk]);
    for (const args of [
      ["--in-place"],
      ["--out", "disk/other.ipynb"],
      ["--html", "disk/a.html"],
      ["--junit", "disk/j.xml"],
    ]) {
      const { code, stderr } = await cli.tandem("run", "disk/fixed.ipynb", ...args);
      expect(stderr).toMatch(/was not written\.\n.*EROFS/);
      expect(code).toBe(2);
    }
    expect(await cli.tandem("strip", "disk/fixed.ipynb")).toMatchObject({ code: 2 });
    expect(existsSync(join(cli.path, "ran"))).toBe(false);
    expect(read("disk/fixed.ipynb")).toBe(before);
  });
});

it.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
  "refuses a file that is write-protected",
  async () => {
    cli.notebook("protected.ipynb", ["1"]);
    writeFileSync(join(cli.path, "out.ipynb"), "mine", { mode: 0o444 });
    expect(await cli.tandem("run", "protected.ipynb", "--out", "out.ipynb")).toMatchObject({ code: 2 });
    expect(read("out.ipynb")).toBe("mine");
  },
);

it("keeps both results of two runs that write one file", async () => {
  // The second ends when the first has written.
  cli.notebook("first.ipynb", [
    "import { existsSync } from 'node:fs'\nwhile (!existsSync('second')) await new Promise((r) => setTimeout(r, 10))\n'first'",
  ]);
  cli.notebook("second.ipynb", [
    "import { existsSync, writeFileSync } from 'node:fs'\nwriteFileSync('second', '')\nwhile (!existsSync('both.ipynb')) await new Promise((r) => setTimeout(r, 10))\n'second'",
  ]);
  const runs = ["first", "second"].map((name) => cli.tandem("run", `${name}.ipynb`, "--out", "both.ipynb"));
  const [first, second] = await Promise.all(runs);
  expect([first?.code, second?.code]).toEqual([0, 2]);
  expect(cli.outputs("both.ipynb")[0]).toMatchObject([{ data: { "text/plain": ["'first'"] } }]);
  const [, saved = ""] = /What belongs there is in (\S+\.ipynb)\./.exec(second?.stderr ?? "") ?? [];
  expect(readFileSync(saved, "utf8")).toContain("'second'");
});
