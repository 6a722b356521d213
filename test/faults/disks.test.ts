/** Disks that are full, that cannot be written, and folders that are not there: cells run, and what could not be kept is told. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { History } from "../../kernel/cells/history/store.ts";
import { Kernel } from "../../kernel/cells/kernel.ts";
import { noOutput } from "../../kernel/cells/no-output.ts";
import { withKernel } from "../kernel.ts";

const mounts: string[] = [];

/** A small disk of its own; undefined where this user may not mount one. */
function disk(options: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "tandem-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", folder], { stdio: "ignore" });
  if (status === 0) mounts.push(folder);
  else rmSync(folder, { recursive: true });
  return status === 0 ? folder : undefined;
}

const mayMount = disk("size=1m") !== undefined;
unmount();

function unmount(): void {
  for (const folder of mounts.splice(0)) {
    spawnSync("umount", ["-l", folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const before = { ...process.env };
afterEach(() => {
  Object.assign(process.env, before);
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  unmount();
});

/** A kernel with a history on disk; gives what a cell wrote to stderr. */
async function withHistory(
  folder: string,
  body: (run: (source: string) => Promise<string>, kernel: Kernel) => Promise<void>,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "tandem-test-"));
  const kernel = new Kernel(home, process.env.TANDEM_TEST_BUNDLES ?? "", undefined, new History(folder));
  const run = async (source: string) => {
    let said = "";
    const output = {
      ...noOutput,
      stream(name: string, text: string) {
        if (name === "stderr") said += text;
      },
    };
    await kernel.execute({ source, storeHistory: true, stopOnError: true, output, started() {} });
    // The history is written beside.
    await kernel.history({ hist_access_type: "tail", n: 1 });
    return said;
  };
  try {
    await body(run, kernel);
  } finally {
    await kernel.close();
    rmSync(home, { recursive: true, force: true });
  }
}

describe.runIf(mayMount)("a full disk (needs the right to mount)", () => {
  test("the history stays whole in memory, says so once, and goes on when there is room", async () => {
    const folder = disk("size=64k") ?? "";
    await withHistory(folder, async (run, kernel) => {
      expect(await run("'the first'")).toBe("");
      execFileSync("sh", ["-c", `cat /dev/zero > ${folder}/filler; true`], { stdio: "ignore" });
      await run(`'${"x".repeat(20_000)}'`);
      expect(await run("'the third'")).toMatch(/history.*cannot be kept.*ENOSPC/);
      expect(await run("'the fourth'")).toBe("");
      rmSync(join(folder, "filler"));
      await run("'the last'");
      const all = await kernel.history({ hist_access_type: "tail", n: 10 });
      expect(all.map(([, number]) => number)).toEqual([1, 2, 3, 4, 5]);
      const sources = readFileSync(join(folder, "1.jsonl"), "utf8").split("\n");
      expect(JSON.parse(sources.at(-2) ?? "")).toMatchObject({ source: "'the last'" });
      expect(
        await new History(folder).select({ hist_access_type: "search", pattern: "*last*" }),
      ).toHaveLength(1);
    });
  });

  test("output that is too long to be shown: what of it is not on disk is told", async () => {
    process.env.TANDEM_CACHE = join(disk("size=64k") ?? "", "cache");
    await withKernel(undefined, async (k) => {
      await k.run("%config output_limit = 10 KB");
      const ran = await k.run("for (let i = 0; i < 5000; i++) console.log('x'.repeat(100)); 'done'");
      expect(ran.result).toEqual({ "text/plain": "'done'" });
      expect(JSON.stringify(ran.displays)).toMatch(/could not be written: ENOSPC/);
    });
  });
});

describe.runIf(mayMount)("a home that cannot be written (needs the right to mount)", () => {
  test("cells run, and the history says why it is not kept", async () => {
    const home = disk("size=64k,ro") ?? "";
    process.env.HOME = home;
    await withHistory(join(home, ".local", "state", "tandem"), async (run, kernel) => {
      await run("let a = 1");
      expect(await run("a")).toMatch(/history.*cannot be kept.*in memory, and whole/);
      expect(await kernel.history({ hist_access_type: "tail", n: 10 })).toHaveLength(2);
    });
  });
});

describe("a history folder that is a file", () => {
  test("costs the history on disk, and is told", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-test-"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "history"), "");
    await withHistory(join(folder, "history"), async (run) => {
      await run("1");
      expect(await run("2")).toMatch(/history.*cannot be kept/);
    });
    rmSync(folder, { recursive: true });
  });
});

describe("a temporary folder that is not there", () => {
  test("TypeScript and parallel cells run", () =>
    withKernel(undefined, async (k) => {
      process.env.TMPDIR = "/nowhere/at/all";
      await k.restart();
      expect((await k.run("require('os').tmpdir()")).result).toEqual({ "text/plain": "'/nowhere/at/all'" });
      const ran = await k.run("%%parallel --force x of [1, 2, 3]\nx * 2");
      expect(ran.error).toBe(undefined);
      expect(ran.result?.["text/plain"]).toBe("[ 2, 4, 6 ]");
    }));
});
