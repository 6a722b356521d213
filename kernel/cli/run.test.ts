import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CliFolder } from "../../test/cli.ts";
import { until } from "../../test/until.ts";
import { isAlive } from "../is-alive.ts";

const cli = new CliFolder();
const { tandem, read } = cli;
/** util-linux' `script`, which runs a command on a terminal of its own. */
const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
const posix = it.skipIf(process.platform === "win32");

/** A cell that says by a file that it runs, and does not end. */
const endless = (name: string) =>
  `import { writeFileSync } from 'node:fs'; writeFileSync('${name}', ''); console.log('here'); while (true) {}`;

describe("tandem run", () => {
  it("runs every cell in the notebook's folder, and leaves the file as it was", async () => {
    mkdirSync(join(cli.path, "alone"));
    cli.write("alone/rows.json", "[1, 2, 3]");
    const before = cli.notebook("alone/a.ipynb", [
      "import rows from './rows.json'",
      "console.log(rows.length)",
      "",
    ]);
    const { code, stdout, stderr } = await tandem("run", "alone/a.ipynb");
    expect(stderr).toMatch(/^\[1\/2\] ok .*import rows.*\n\[2\/2\] ok .*\n$/);
    expect(stdout).toContain("a.ipynb: 2 cells ran");
    expect(code).toBe(0);
    expect(read("alone/a.ipynb")).toBe(before);
    expect(readdirSync(join(cli.path, "alone")).sort()).toEqual(["a.ipynb", "rows.json"]);
  });

  it("writes the outputs, into the notebook itself if asked, and changes nothing besides", async () => {
    const before = cli.notebook("in.ipynb", ["console.log('a\\nb'); 6 * 7"]);
    expect(await tandem("run", "in.ipynb", "--in-place")).toMatchObject({ code: 0 });
    expect(cli.outputs("in.ipynb")).toEqual([
      [
        { name: "stdout", output_type: "stream", text: ["a\n", "b\n"] },
        { data: { "text/plain": ["42"] }, execution_count: 1, metadata: {}, output_type: "execute_result" },
      ],
    ]);
    const emptied = JSON.parse(read("in.ipynb"));
    Object.assign(emptied.cells[0], { execution_count: null, outputs: [] });
    expect(`${JSON.stringify(emptied, null, 1)}\n`).toBe(before);
    // A second run brings the same: not one byte changes.
    const after = read("in.ipynb");
    expect(await tandem("run", "in.ipynb", "--out", "in.ipynb")).toMatchObject({ code: 0 });
    expect(read("in.ipynb")).toBe(after);
  });

  it("stops at the first failing cell, says which, and keeps its error in the written notebook", async () => {
    cli.notebook("fails.ipynb", ["1", "const fine = 1\nthrow new RangeError('too far')", "3"]);
    const { code, stderr, stdout } = await tandem("run", "fails.ipynb", "--out", "failed.ipynb");
    expect(code).toBe(1);
    expect(stderr).toContain("Cell 2 failed:\nRangeError: too far\n    at cell-2.ts:2:7");
    expect(stdout).toContain("2 cells ran in");
    const [first, second, third] = cli.outputs("failed.ipynb");
    expect(first).toHaveLength(1);
    expect(second).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "too far" }]);
    expect(third).toEqual([]);
  });

  it("runs notebooks that patterns name, and goes on after failures if asked", async () => {
    for (const folder of ["many/deep", "many/node_modules", "many/.ipynb_checkpoints"]) {
      mkdirSync(join(cli.path, folder), { recursive: true });
      cli.notebook(`${folder}/b.ipynb`, ["'deep'"]);
    }
    cli.notebook("many/a.ipynb", ["throw new Error('first')", "'second'"]);
    cli.write("many/broken.ipynb", "{");
    // Nothing runs where one cannot be read.
    expect(await tandem("run", "many/**/*.ipynb")).toMatchObject({ code: 2, stdout: "" });
    rmSync(join(cli.path, "many/broken.ipynb"));
    const stopped = await tandem("run", "many/a.ipynb", "many/**/*.ipynb", "--out", "done");
    expect(stopped).toMatchObject({ code: 1 });
    expect(stopped.stdout).toContain("2 notebooks: 0 ok, 1 failed, 1 not run.");
    const { code, stdout, stderr } = await tandem("run", "-k", "many/**/*.ipynb", "--out", "done/");
    expect(code).toBe(1);
    expect(stderr).toContain("many/a.ipynb\n[1/2] failed");
    expect(stderr).toContain("[2/2] ok");
    expect(stdout).toContain("2 notebooks: 1 ok, 1 failed.");
    expect(cli.outputs("done/a.ipynb")[1]).toMatchObject([{ data: { "text/plain": ["'second'"] } }]);
    expect(existsSync(join(cli.path, "done/deep/b.ipynb"))).toBe(true);
    expect((await tandem("run", "none/*.ipynb")).stderr).toContain("No file matches none/*.ipynb.");
  });

  it("interrupts a cell that takes too long, and keeps the state for those after it", async () => {
    cli.notebook("slow.ipynb", ["const kept = 7", "while (true) {}", "kept", "await new Promise(() => {})"]);
    const files = ["--out", "slow-out.ipynb", "--json", "slow.json"];
    const { code, stderr } = await tandem("run", "slow.ipynb", "-k", "--timeout", "3s", ...files);
    expect(code).toBe(1);
    expect(stderr).toContain("Cell 2:\nThe cell took longer than 3.00 s and was interrupted.");
    // On a busy machine the quick cells may take that long, too.
    const { cells } = JSON.parse(read("slow.json")).notebooks[0];
    expect([cells[1].status, cells[3].status]).toEqual(["timeout", "timeout"]);
    expect(cli.outputs("slow-out.ipynb")[2]?.[0]).toMatchObject({ data: { "text/plain": ["7"] } });
  });

  it("ends when its whole time is over", async () => {
    cli.notebook("long.ipynb", ["'quick'", "while (true) {}", "3"]);
    const files = ["--out", "long-out.ipynb", "--json", "long.json"];
    const { code, stderr } = await tandem("run", "long.ipynb", "--total-timeout", "4s", ...files);
    expect(code).toBe(1);
    expect(stderr).toContain("longer than --total-timeout");
    const { cells } = JSON.parse(read("long.json")).notebooks[0];
    const statuses = cells.map(({ status }: { status: string }) => status);
    expect(statuses.filter((status: string) => status === "interrupted")).toHaveLength(1);
    expect(statuses.at(-1)).toBe("skipped");
    expect(cli.outputs("long-out.ipynb")[2]).toEqual([]);
  });

  it("sets parameters behind their defaults, and says which it does not know", async () => {
    const defaults = { source: "const n = 1, who = 'nobody'", metadata: { tags: ["parameters"] } };
    cli.notebook("p.ipynb", [defaults, "[n, who, more]"]);
    const { code, stderr } = await tandem(
      "run",
      "p.ipynb",
      "-p",
      "n=7",
      "-p",
      "who=Ada",
      "-p",
      "more=[1]",
      "-o",
      "p7.ipynb",
    );
    expect(code).toBe(0);
    expect(stderr).toContain("p.ipynb: the cell tagged parameters has no more.");
    expect(cli.outputs("p7.ipynb")[2]).toMatchObject([{ data: { "text/plain": ["[ 7, 'Ada', [ 1 ] ]"] } }]);
    expect((await tandem("run", "p.ipynb", "-p", "a b=1")).stderr).toContain("a b is no name");
    expect((await tandem("run", "p.ipynb", "-p", "n")).stderr).toContain("-p takes NAME=VALUE");
  });

  it("heeds nbclient's tags", async () => {
    const fails = { source: "throw new Error('as planned')", metadata: { tags: ["raises-exception"] } };
    const skipped = { source: "throw new Error('not run')", metadata: { tags: ["skip-execution"] } };
    cli.notebook("tags.ipynb", [fails, skipped, "2"]);
    expect(await tandem("run", "tags.ipynb")).toMatchObject({ code: 0 });
  });

  it("runs notebooks of tslab and of Deno's kernel", async () => {
    const tslab = { display_name: "TypeScript", language: "typescript", name: "tslab" };
    const deno = { display_name: "Deno", language: "typescript", name: "deno" };
    cli.notebook("tslab.ipynb", ["import { display } from 'tslab'; display.html('<b>1</b>')"], tslab);
    cli.notebook(
      "deno.ipynb",
      ["await Deno.jupyter.display({ 'text/plain': 'shown' }, { raw: true })"],
      deno,
    );
    const { code } = await tandem("run", "tslab.ipynb", "deno.ipynb", "--out", "peers");
    expect(code).toBe(0);
    expect(cli.outputs("peers/tslab.ipynb")[0]?.[0]).toMatchObject({ data: { "text/html": ["<b>1</b>"] } });
    expect(cli.outputs("peers/deno.ipynb")[0]?.[0]).toMatchObject({ data: { "text/plain": ["shown"] } });
  });

  it("refuses what it cannot run, and leaves it as it is", async () => {
    const refused = async (file: string, word: string, ...more: string[]) => {
      const { code, stderr } = await tandem("run", file, ...more);
      expect(stderr).toContain(word);
      expect(code).toBe(2);
    };
    await refused("none.ipynb", "There is no notebook none.ipynb.");
    await refused(".", "cannot be read");
    cli.write("bad.ipynb", '{"cells": [');
    await refused("bad.ipynb", "its JSON is broken", "--in-place");
    expect(read("bad.ipynb")).toBe('{"cells": [');
    writeFileSync(join(cli.path, "utf16.ipynb"), Buffer.from('\uFEFF{"cells": []}', "utf16le"));
    await refused("utf16.ipynb", "it is not UTF-8");
    cli.write("v3.ipynb", '{"nbformat": 3, "worksheets": []}');
    await refused("v3.ipynb", "notebook format 3");
    cli.notebook("py.ipynb", ["1"], { display_name: "Python 3", language: "python", name: "python3" });
    await refused("py.ipynb", "asks for the kernel python3 (python)");
    cli.notebook("fine.ipynb", ["1"]);
    await refused("fine.ipynb", "was not written", "--out", "none/b.ipynb");
    await refused("fine.ipynb", "exclude each other", "--out", "b.ipynb", "--in-place");
  });

  posix("says that a file is too large before it reads it", async () => {
    // A sparse file: it takes no room.
    spawnSync("truncate", ["-s", "600M", join(cli.path, "huge.ipynb")]);
    const { code, stderr } = await tandem("run", "huge.ipynb");
    expect(stderr).toContain("too large to be read: 629 MB");
    expect(code).toBe(2);
    rmSync(join(cli.path, "huge.ipynb"));
  });

  posix("says that the kernel died, and keeps what had run", async () => {
    // A cell's parent process is the kernel.
    cli.notebook("dies.ipynb", [
      "console.log('one')",
      "process.kill(process.ppid, 'SIGKILL'); await new Promise(() => {})",
      "3",
    ]);
    const { code, stderr } = await tandem("run", "dies.ipynb", "--out", "died.ipynb", "-k");
    expect(stderr).toContain("The kernel ended: signal SIGKILL.");
    expect(code).toBe(1);
    expect(cli.outputs("died.ipynb")[0]).toMatchObject([{ text: ["one\n"] }]);
  });

  posix("is ended by Ctrl-C with 130, and stores how far it came", async () => {
    cli.notebook("endless.ipynb", ["'done'", endless("running"), "'never'"]);
    cli.notebook("next.ipynb", ["1"]);
    const { child, ended } = cli.start(["run", "endless.ipynb", "next.ipynb", "-k", "--out", "partial"]);
    await until(() => existsSync(join(cli.path, "running")));
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toContain("2 cells ran");
    const [first, second, third] = cli.outputs("partial/endless.ipynb");
    expect(first).toHaveLength(1);
    expect(second?.at(-1)).toMatchObject({ output_type: "error" });
    expect(third).toEqual([]);
    expect(existsSync(join(cli.path, "partial/next.ipynb"))).toBe(false);
  });

  it.skipIf(!hasScript)("is ended by the keys themselves on a terminal (needs script)", async () => {
    cli.notebook("keys.ipynb", ["'done'", endless("typing"), "'never'"]);
    const command = join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs");
    const run = `'${process.execPath}' '${command}' run keys.ipynb --out keys-out.ipynb`;
    const child = spawn("script", ["-qec", run, "/dev/null"], { cwd: cli.path });
    let shown = "";
    child.stdout.on("data", (chunk) => {
      shown += chunk;
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    await until(() => existsSync(join(cli.path, "typing")));
    // The whole group gets the signal: the kernel and the engine, too.
    child.stdin.write("\x03");
    expect(await ended).toBe(130);
    expect(shown).toContain("\r\x1b[K[2/3] … ");
    expect(cli.outputs("keys-out.ipynb").map(({ length }) => length)).toEqual([1, 2, 0]);
  });

  posix("does not wait at a second signal for a cell that heeds nothing", async () => {
    cli.notebook("deaf.ipynb", [
      "import { writeFileSync } from 'node:fs'; console.log('here')",
      "writeFileSync('deaf', String(process.pid)); process.kill(process.pid, 'SIGSTOP')",
    ]);
    const { child, ended } = cli.start(["run", "deaf.ipynb", "--out", "deaf-out.ipynb"]);
    await until(() => existsSync(join(cli.path, "deaf")) && read("deaf") !== "");
    child.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGINT");
    const { code } = await ended;
    process.kill(Number(read("deaf")), "SIGKILL");
    expect(code).toBe(143);
    expect(cli.outputs("deaf-out.ipynb")[0]).toMatchObject([{ name: "stdout", text: ["here\n"] }]);
  });

  posix("takes its kernel and the engine with it when it is killed", async () => {
    const source = `import { writeFileSync } from 'node:fs'
      writeFileSync('pids.tmp', process.pid + ' ' + process.ppid)
      require('node:fs').renameSync('pids.tmp', 'pids')
      while (true) {}`;
    cli.notebook("killed.ipynb", [source]);
    const { child, ended } = cli.start(["run", "killed.ipynb"]);
    await until(() => existsSync(join(cli.path, "pids")));
    child.kill("SIGKILL");
    await ended;
    const pids = read("pids").split(" ").map(Number);
    await until(() => !pids.some(isAlive));
  });

  posix("saves the results beside a file that another program wrote meanwhile", async () => {
    const other = cli.notebook("other.ipynb", ["'other'"]);
    cli.notebook("contested.ipynb", [
      "import { copyFileSync, renameSync } from 'node:fs'; copyFileSync('other.ipynb', 'x.tmp'); renameSync('x.tmp', 'contested.ipynb')",
    ]);
    const { code, stderr } = await tandem("run", "contested.ipynb", "--in-place");
    expect(stderr).toContain("Another program has written it");
    expect(code).toBe(2);
    expect(read("contested.ipynb")).toBe(other);
    const [, saved = ""] = /What belongs there is in (\S+\.ipynb)\./.exec(stderr) ?? [];
    expect(saved).toContain("contested.unsaved-");
  });

  it("compares with the stored outputs, and runs all cells where some differ", async () => {
    const stored = (text: string) => ({
      outputs: [
        { data: { "text/plain": [text] }, execution_count: 4, metadata: {}, output_type: "execute_result" },
      ],
      execution_count: 4,
    });
    cli.notebook("same.ipynb", [{ source: "'took 3 ms'", ...stored("'took 8 ms'") }]);
    cli.notebook("differs.ipynb", [
      { source: "6 * 7", ...stored("41") },
      { source: "Math.random()", ...stored("0"), metadata: { tags: ["ignore-output"] } },
      { source: "'same'", ...stored("'same'") },
    ]);
    const { code, stderr, stdout } = await tandem("run", "--compare", "differs.ipynb", "same.ipynb");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\[1\/3\] differs .*\n\nCell 1:\nThe outputs differ.*\n--- stored\n\+\+\+ now\n text\/plain:\n-41\n\+42\n/,
    );
    expect(stderr).toMatch(/\[3\/3\] ok/);
    expect(stdout).toContain("3 cells ran in");
    expect(stdout).toContain("1 differ from the stored outputs");
    expect(stdout).toContain("2 notebooks: 1 ok, 1 failed.");
  });

  it("writes summaries for other programs", async () => {
    cli.notebook("ci.ipynb", ["console.log('fine')", "throw new Error('x\\n::error::50%')"]);
    const summary = join(cli.path, "summary.md");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: cli.path };
    const { code, stdout, stderr } = await cli.start(
      ["run", "ci.ipynb", "--json", "-", "--junit", "j.xml", "--html", "page.html"],
      env,
    ).ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 1, notebooks: [{ status: "failed" }] });
    expect(read("j.xml")).toContain('tests="2" failures="1"');
    expect(read("page.html")).toMatch(
      /<title>ci\.ipynb<\/title>(?:.|\n)*failed: 2 of 2 cells ran(?:.|\n)*\[2\] failed, (?:.|\n)*<pre>Error: x\n::error::50%/,
    );
    expect(stderr).toContain("::error file=ci.ipynb,line=17,title=Cell 2::Error: x%0A::error::50%25%0A");
    // The cell's own text is no command.
    expect(stderr.match(/^\s*::/gm)).toHaveLength(1);
    expect(read("summary.md")).toContain("| <code>ci.ipynb</code> | failed | 2 of 2 |");
  });
});
