import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { version } from "../../package.json";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command in the test's folder. */
function start(args: string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const command = join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs");
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env: { ...process.env, ...env } });
  const ended = new Promise<Ended>((resolve) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

const tandem = (...args: string[]): Promise<Ended> => start(args).ended;

/** A notebook of code cells, as Jupyter writes it; a cell may bring its tags. */
function write(
  name: string,
  cells: (string | { source: string; tags: string[] })[],
  kernel = KERNEL,
): string {
  const notebook = {
    cells: cells.map((cell, index) => ({
      cell_type: "code",
      execution_count: null,
      id: `cell-${index}`,
      metadata: typeof cell === "string" ? {} : { tags: cell.tags },
      outputs: [],
      source: typeof cell === "string" ? cell : cell.source,
    })),
    metadata: { kernelspec: kernel },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const text = `${JSON.stringify(notebook, null, 1)}\n`;
  writeFileSync(join(folder, name), text);
  return text;
}

const KERNEL = { display_name: "Tandem", language: "typescript", name: "tandem" };
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const outputsOf = (name: string): Record<string, unknown>[][] =>
  JSON.parse(read(name)).cells.map((cell: { outputs: Record<string, unknown>[] }) => cell.outputs);

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("tandem", () => {
  it("tells its version and its commands", async () => {
    expect((await tandem("--version")).stdout).toBe(`${version}\n`);
    const { stdout, code } = await tandem("--help");
    for (const command of ["run", "kernel", "install", "uninstall"])
      expect(stdout).toContain(`tandem ${command}`);
    expect(code).toBe(0);
    expect((await tandem("run", "--help")).stdout).toMatch(/^tandem run NOTEBOOK/);
  });

  it.each([
    [["fly"]],
    [["run"]],
    [["run", "a", "b"]],
    [["run", "--fly"]],
    [["kernel"]],
    [["kernel", "--ipc"]],
  ])("refuses %j with exit code 2", async (args) => {
    const { code, stderr } = await tandem(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tandem: /);
  });
});

describe("tandem run", () => {
  it("runs every cell in the notebook's folder, and leaves the file as it was", async () => {
    writeFileSync(join(folder, "rows.json"), "[1, 2, 3]");
    const before = write("a.ipynb", ["import rows from './rows.json'", "console.log(rows.length)", ""]);
    const { code, stdout, stderr } = await tandem("run", "a.ipynb");
    expect(stderr).toMatch(/^\[1\/2\] ok .*import rows.*\n\[2\/2\] ok .*\n$/);
    expect(stdout).toContain("a.ipynb: 2 cells ran");
    expect(code).toBe(0);
    expect(read("a.ipynb")).toBe(before);
    expect(readdirSync(folder).sort()).toEqual(["a.ipynb", "rows.json"]);
  });

  it("writes the outputs, into the notebook itself if asked, and changes nothing besides", async () => {
    const before = write("a.ipynb", ["console.log('a\\nb'); 6 * 7"]);
    expect(await tandem("run", "a.ipynb", "--out", "a.ipynb")).toMatchObject({ code: 0 });
    expect(outputsOf("a.ipynb")).toEqual([
      [
        { name: "stdout", output_type: "stream", text: ["a\n", "b\n"] },
        { data: { "text/plain": ["42"] }, execution_count: 1, metadata: {}, output_type: "execute_result" },
      ],
    ]);
    const emptied = JSON.parse(read("a.ipynb"));
    Object.assign(emptied.cells[0], { execution_count: null, outputs: [] });
    expect(`${JSON.stringify(emptied, null, 1)}\n`).toBe(before);
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });

  it("stops at the first failing cell, says which, and keeps its error in the written notebook", async () => {
    write("a.ipynb", ["1", "const fine = 1\nthrow new RangeError('too far')", "3"]);
    const { code, stderr } = await tandem("run", "a.ipynb", "--out", "b.ipynb");
    expect(code).toBe(1);
    expect(stderr).toContain("Cell 2 failed:\nRangeError: too far\n    at cell-2.ts:2:7");
    const [first, second, third] = outputsOf("b.ipynb");
    expect(first).toHaveLength(1);
    expect(second).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "too far" }]);
    expect(third).toEqual([]);
  });

  it("heeds nbclient's tags", async () => {
    const fails = { source: "throw new Error('as planned')", tags: ["raises-exception"] };
    const skipped = { source: "throw new Error('not run')", tags: ["skip-execution"] };
    write("a.ipynb", [fails, skipped, "2"]);
    expect(await tandem("run", "a.ipynb")).toMatchObject({ code: 0 });
  });

  it("refuses what it cannot run, and leaves it as it is", async () => {
    const refused = async (file: string, word: string, ...more: string[]) => {
      const { code, stderr } = await tandem("run", file, ...more);
      expect(stderr).toContain(word);
      expect(code).toBe(2);
    };
    await refused("none.ipynb", "There is no notebook none.ipynb.");
    await refused(".", "cannot be read");
    writeFileSync(join(folder, "broken.ipynb"), '{"cells": [');
    await refused("broken.ipynb", "its JSON is broken", "--out", "broken.ipynb");
    expect(read("broken.ipynb")).toBe('{"cells": [');
    write("py.ipynb", ["1"], { display_name: "Python 3", language: "python", name: "python3" });
    await refused("py.ipynb", "asks for the kernel python3 (python)");
    write("a.ipynb", ["1"]);
    await refused("a.ipynb", "was not written", "--out", "none/b.ipynb");
  });

  it.skipIf(process.platform === "win32")("says that the kernel died, and keeps what had run", async () => {
    // A cell's parent process is the kernel.
    write("a.ipynb", [
      "console.log('one')",
      "process.kill(process.ppid, 'SIGKILL'); await new Promise(() => {})",
    ]);
    const { code, stderr } = await tandem("run", "a.ipynb", "--out", "b.ipynb");
    expect(stderr).toContain("The kernel ended: signal SIGKILL.");
    expect(code).toBe(1);
    expect(outputsOf("b.ipynb")[0]).toMatchObject([{ text: ["one\n"] }]);
  });

  it.skipIf(process.platform === "win32")(
    "is interrupted by Ctrl-C, and stores how far it came",
    async () => {
      const endless = `import { writeFileSync } from 'node:fs'; writeFileSync('running', ''); console.log('here'); while (true) {}`;
      write("a.ipynb", [endless]);
      const { child, ended } = start(["run", "a.ipynb", "--out", "b.ipynb"]);
      await until(() => existsSync(join(folder, "running")));
      child.kill("SIGINT");
      expect((await ended).code).toBe(1);
      expect(outputsOf("b.ipynb")[0]?.at(-1)).toMatchObject({ output_type: "error" });
    },
  );

  it.skipIf(process.platform === "win32")(
    "takes its kernel and the engine with it when it is killed",
    async () => {
      const source = `import { writeFileSync } from 'node:fs'
      writeFileSync('pids.tmp', process.pid + ' ' + process.ppid)
      require('node:fs').renameSync('pids.tmp', 'pids')
      while (true) {}`;
      write("a.ipynb", [source]);
      const { child, ended } = start(["run", "a.ipynb"]);
      await until(() => existsSync(join(folder, "pids")));
      child.kill("SIGKILL");
      await ended;
      const pids = read("pids").split(" ").map(Number);
      await until(() => !pids.some(isRunning));
    },
  );
});

describe("tandem install", () => {
  const spec = () => join(folder, "share", "jupyter", "kernels", "tandem");

  it("writes a kernelspec that starts this kernel, and removes it again", async () => {
    expect(await tandem("install", "--prefix", folder)).toMatchObject({ code: 0 });
    const written = JSON.parse(readFileSync(join(spec(), "kernel.json"), "utf8"));
    expect(written).toMatchObject({ language: "typescript", interrupt_mode: "message" });
    expect(written.argv.slice(1)).toEqual([join(spec(), "launcher.cjs"), "kernel", "{connection_file}"]);
    expect(await tandem("uninstall", "--prefix", folder)).toMatchObject({ code: 0 });
    expect(existsSync(spec())).toBe(false);
    expect(await tandem("uninstall", "--prefix", folder)).toMatchObject({ code: 2 });
  });

  it("installs for the user where Jupyter looks, under another name if asked", async () => {
    const env = { JUPYTER_DATA_DIR: join(folder, "data") };
    expect(await start(["install", "--user", "--name", "tandem-next"], env).ended).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, "data", "kernels", "tandem-next", "kernel.json"))).toBe(true);
  });

  it("leaves other programs' kernels and odd names alone", async () => {
    mkdirSync(spec(), { recursive: true });
    writeFileSync(join(spec(), "kernel.json"), '{"argv": ["other"]}');
    for (const command of ["install", "uninstall"]) {
      const { code, stderr } = await tandem(command, "--prefix", folder);
      expect([code, stderr.includes("of another program")]).toEqual([2, true]);
    }
    expect(await tandem("install", "--prefix", folder, "--name", "../up")).toMatchObject({ code: 2 });
    expect(await tandem("install", "--prefix", folder, "--user")).toMatchObject({ code: 2 });
  });

  it("finds the kernel again after an update of the extension", async () => {
    // The launcher names the bundle it was installed from; here that is one in an extension's folder.
    const place = (name: string) => {
      const bundle = join(folder, "extensions", name, "dist", "tandem.cjs");
      mkdirSync(join(bundle, ".."), { recursive: true });
      writeFileSync(bundle, `console.log(${JSON.stringify(name)}, process.argv.slice(2).join())`);
      return bundle;
    };
    const old = place("pub.tandem-0.9.0");
    const { launcherSource } = await import("./kernelspec.ts");
    const launcher = join(folder, "launcher.cjs");
    writeFileSync(launcher, launcherSource(old));
    const launch = () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, [launcher, "kernel", "c.json"]);
        let text = "";
        for (const pipe of [child.stdout, child.stderr]) {
          pipe.on("data", (chunk) => {
            text += chunk;
          });
        }
        child.on("close", () => resolve(text.trim()));
      });
    expect(await launch()).toBe("pub.tandem-0.9.0 kernel,c.json");
    place("pub.tandem-0.10.0");
    place("pub.other-1.0.0");
    renameSync(
      join(folder, "extensions", "pub.tandem-0.9.0"),
      join(folder, "extensions", "pub.tandem-0.8.0"),
    );
    expect(await launch()).toBe("pub.tandem-0.10.0 kernel,c.json");
    rmSync(join(folder, "extensions"), { recursive: true });
    expect(await launch()).toContain("tandem install");
  });
});
