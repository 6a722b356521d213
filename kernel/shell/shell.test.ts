import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { until } from "../../test/until.ts";

let k: TestKernel;
let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-shell-")));
  k = new TestKernel(folder);
});
afterAll(async () => {
  await k.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether a process is there, zombies aside. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const gone = (pid: number) => until(() => !runs(pid));

describe("a command", () => {
  test("runs in the notebook's folder, as a cell, a line, or behind an exclamation mark", async () => {
    expect((await k.run("%%sh\npwd\necho two >&2")).order).toEqual([`out:${folder}\n`, "err:two\n"]);
    expect((await k.run("%sh pwd")).stdout).toBe(`${folder}\n`);
    expect((await k.run("!printf '%s|' a 'b c' | cat")).stdout).toBe("a|b c|");
    expect((await k.run("%sh -- -x || echo no")).stdout).toBe("no\n");
  });

  test("takes its turn among the statements", async () => {
    const ran = await k.run("console.log(1)\n!echo 2 | cat\nconsole.log(3)\n%sh echo 4\n5");
    expect([ran.stdout, ran.result?.["text/plain"]]).toEqual(["1\n2\n3\n4\n", "5"]);
  });

  test("has what TypeScript set: folder and environment", async () => {
    await k.run("process.env.FROM_TS = 'ä b'");
    expect((await k.run('%sh echo "$FROM_TS"')).stdout).toBe("ä b\n");
    await k.run("delete process.env.FROM_TS");
    expect((await k.run('%sh echo "[$FROM_TS]"')).stdout).toBe("[]\n");
  });

  test("gives its stdout to --out, and its stderr to the cell", async () => {
    const ran = await k.run("%sh --out text printf 'a\\n\\nb\\n\\n'; echo e >&2");
    expect([ran.stdout, ran.stderr]).toEqual(["", "e\n"]);
    expect((await k.run("text")).result?.["text/plain"]).toBe("'a\\n\\nb'");
    expect((await k.run("%%sh --out n\nseq 3 | wc -l")).status).toBe("ok");
    expect((await k.run("[Number(n), _]")).result?.["text/plain"]).toBe("[ 3, '3' ]");
    expect((await k.run("%sh --out a-b ls")).error?.evalue).toContain("cannot declare");
  });

  test("has nothing on its stdin", async () => {
    expect((await k.run("%sh cat; echo end")).stdout).toBe("end\n");
  });

  test("may run in another shell", async () => {
    expect((await k.run("%%sh --shell bash\necho $((2**10))")).stdout).toMatch(/^1024\n$/);
  });
});

describe("a command that fails", () => {
  test.each([
    ["%sh exit 3", "CommandFailed", "exit code 3: `exit 3`."],
    ["%%sh\n# first\nfalse", "CommandFailed", "exit code 1: `false`."],
    ["%sh no-such-command --x", "CommandNotFound", "no-such-command --x"],
    ["%sh kill -SEGV $$", "CommandKilled", "ended by SIGSEGV"],
    ["%sh sh -c 'kill -9 $$'; exit $?", "CommandKilled", "ended by SIGKILL"],
    ["%sh --shell no-such-shell ls", "ShellMissing", "no shell no-such-shell"],
    ["%sh", "MissingText", "%sh command"],
  ])("%j is an error that names it", async (source, name, text) => {
    const { status, error } = await k.run(source);
    expect([status, error?.ename]).toEqual(["error", name]);
    expect(error?.evalue).toContain(text);
  });

  test("tells the cell's own line", async () => {
    const ran = await k.run("%%sh\necho a\nno-such-command");
    expect(ran.stderr).toMatch(/\b3: no-such-command: not found/);
  });

  test("shows what --out would have kept, and ends the cell", async () => {
    const ran = await k.run("%sh --out lost echo before; exit 1\nconsole.log('not this')");
    expect([ran.stdout, ran.status]).toEqual(["before\n", "error"]);
  });

  test("runs in the notebook's folder where the current one is gone", async () => {
    mkdirSync(join(folder, "gone"));
    await k.run("%cd gone");
    rmSync(join(folder, "gone"), { recursive: true });
    expect((await k.run("%sh pwd")).stdout).toBe(`${folder}\n`);
    expect((await k.run(`%cd ${folder}`)).stdout).toBe(`${folder}\n`);
  });
});

describe("an interrupt", () => {
  test("ends a command and all that it started; the state stays", async () => {
    await k.run("const kept = 7");
    const { ran, done } = k.start("%%sh\nsleep 1000 &\necho $!\nsleep 1000 | cat\necho never");
    await until(() => ran.stdout.endsWith("\n"));
    const child = Number(ran.stdout);
    k.interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
    await gone(child);
    expect((await k.run("kept")).result?.["text/plain"]).toBe("7");
  });

  test("is not outlived by a command that ignores it", async () => {
    const { ran, done } = k.start("%%sh\ntrap '' INT\necho $$\nwhile :; do sleep 0.05; done");
    await until(() => ran.stdout.endsWith("\n"));
    k.interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
    await gone(Number(ran.stdout));
  });

  test("stops an endless flood", async () => {
    const { ran, done } = k.start("%sh yes");
    await until(() => ran.stdout.length > 1e6);
    k.interrupt();
    expect((await done).error?.ename).toBe("Interrupted");
    expect((await k.run("%sh echo on")).stdout).toBe("on\n");
  });
});

test("20,000 lines arrive in order before the cell ends", async () => {
  const { stdout } = await k.run("%sh i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
  expect(stdout).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(""));
});

test("bytes of a character may come one by one", async () => {
  const { stdout } = await k.run("%sh printf '\\303'; sleep 0.05; printf '\\244\\n'");
  expect(stdout).toBe("ä\n");
});

describe("what stays in the background", () => {
  test("does not hold the cell up, prints into it later, and ends with the session", async () => {
    const own = new TestKernel(folder);
    const { ran, done } = own.start("%%sh\n(sleep 0.3; echo later; sleep 1000) &\necho $!");
    expect((await done).status).toBe("ok");
    const child = Number(ran.stdout);
    await until(() => ran.stdout.includes("later"));
    expect(ran.stdout).toBe(`${child}\nlater\n`);
    await own.run("%%sh\nsleep 1000 >/dev/null 2>&1 &\necho $! > silent");
    const silent = Number(readFileSync(join(folder, "silent"), "utf8"));
    expect([runs(child), runs(silent)]).toEqual([true, true]);
    await own.close();
    await Promise.all([gone(child), gone(silent)]);
  });

  test.runIf(process.platform !== "win32")("ends even with a kernel that was killed", async () => {
    // A process of its own that starts a command as the kernel does, and can be killed without a word.
    const script = join(folder, "start.ts");
    const bundle = join(folder, "start.cjs");
    writeFileSync(
      script,
      `import { startCommand } from ${JSON.stringify(join(import.meta.dirname, "command.ts"))};
       startCommand({ file: "/bin/sh", args: ["-c", "echo $$; sleep 1000"], cwd: "/", env: process.env,
         signal: new AbortController().signal, text: (_, t) => process.stdout.write(t), drained: async () => {} });`,
    );
    execFileSync(join(import.meta.dirname, "../../node_modules/.bin/esbuild"), [
      script,
      "--bundle",
      "--platform=node",
      `--outfile=${bundle}`,
      "--log-level=error",
    ]);
    const holder = spawn(process.execPath, [bundle], { stdio: ["ignore", "pipe", "inherit"] });
    const [chunk] = await new Promise<Buffer[]>((resolve) =>
      holder.stdout.once("data", (data) => resolve([data])),
    );
    const command = Number(String(chunk));
    expect(runs(command)).toBe(true);
    holder.kill("SIGKILL");
    await gone(command);
  });
});

describe("%cd and %env", () => {
  test("reach TypeScript and commands", async () => {
    mkdirSync(join(folder, "sub dir"), { recursive: true });
    expect((await k.run('%cd "sub dir"\nprocess.cwd()')).result?.["text/plain"]).toBe(`'${folder}/sub dir'`);
    expect((await k.run("%sh pwd")).stdout).toBe(`${folder}/sub dir\n`);
    expect((await k.run("%cd -")).stdout).toBe(`${folder}\n`);
    expect((await k.run("%cd")).stdout).toBe(`${process.env.HOME}\n`);
    await k.run(`%cd ${folder}`);
    const missing = (await k.run("%cd nowhere")).error;
    expect([missing?.ename, missing?.evalue]).toEqual([
      "CannotEnter",
      expect.stringContaining("none of that name"),
    ]);
    await k.run("%env COLOUR = 'dark green'");
    expect((await k.run("process.env.COLOUR")).result?.["text/plain"]).toBe("'dark green'");
    expect((await k.run('%sh echo "$COLOUR"')).stdout).toBe("dark green\n");
    expect((await k.run("%env COLOUR")).stdout).toBe("dark green\n");
    await k.run("%env MY_TOKEN=abc");
    const all = (await k.run("%env")).stdout;
    expect(all).toContain("COLOUR=dark green\n");
    expect(all).toContain("MY_TOKEN=(hidden)\n");
    await k.run("%env --unset COLOUR");
    expect((await k.run("%env COLOUR")).error?.ename).toBe("EnvMissing");
  });

  test("reach Python, running or not yet", async () => {
    await k.run("%env BEFORE=1");
    expect((await k.run("%%python\nimport os\nprint(os.environ['BEFORE'])")).stdout).toBe("1\n");
    await k.run('%env AFTER=it\'s "2"');
    await k.run("%env --unset BEFORE");
    await k.run("%cd /");
    const ran = await k.run("%%python\nprint(os.environ['AFTER'], 'BEFORE' in os.environ, os.getcwd())");
    expect(ran.stdout).toBe('it\'s "2" False /\n');
    await k.run(`%cd ${folder}`);
  });
});

describe("tools", () => {
  test("%npm installs for the next cell, in the notebook's folder", async () => {
    const source = join(folder, "packages", "two");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "package.json"), '{"name":"two","version":"1.0.0","main":"index.js"}');
    writeFileSync(join(source, "index.js"), "module.exports = 2");
    // Without it npm would look for a package above.
    writeFileSync(join(folder, "package.json"), "{}");
    expect((await k.run('import two from "two"')).error?.evalue).toContain("%npm install two");
    await k.run("%cd packages");
    const installed = await k.run("%npm install --no-audit --no-fund ./packages/two");
    expect(installed.error).toBeUndefined();
    await k.run("%cd ..");
    expect(existsSync(join(folder, "node_modules", "two"))).toBe(true);
    expect((await k.run('import two from "two"\ntwo')).result?.["text/plain"]).toBe("2");
    expect((await k.run("%npm --version")).stdout).toMatch(/^\d+\.\d+/);
    expect((await k.run("%npm --help")).stdout).toMatch(/^%npm \[options\] arguments\n/);
    expect((await k.run("%npm --out v --version\nNumber.isNaN(parseInt(v))")).result?.["text/plain"]).toBe(
      "false",
    );
  });

  test("%pip is that of the interpreter of Python cells", async () => {
    const { stdout } = await k.run("%%python\nimport sys\nprint(sys.prefix)");
    const ran = await k.run("%pip --version");
    expect(ran.error).toBeUndefined();
    expect(ran.stdout).toMatch(/^pip \d+/);
    expect(ran.stdout).toContain(stdout.trim().split("/")[1]);
    expect((await k.run("%pip no-such-command")).error?.ename).toBe("CommandFailed");
  });

  test("are found on the PATH that cells see, and named where they are missing", async () => {
    await k.run("const path = process.env.PATH; process.env.PATH = ''");
    const node = process.execPath.replace(/\/[^/]*$/, "");
    const { error } = await k.run("%npm --version");
    if (!existsSync(join(node, "npm"))) expect(error?.ename).toBe("NpmMissing");
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "bin", "npm"), "#!/bin/sh\necho mine $1\n", { mode: 0o755 });
    await k.run(`%env PATH=${folder}/bin`);
    expect((await k.run("%npm x")).stdout).toBe("mine x\n");
    await k.run("process.env.PATH = path");
  });

  test("%cargo, where Rust is installed, and how to get it elsewhere", async () => {
    const { stdout, error } = await k.run("%cargo --version");
    if (error) expect(error.ename).toBe("RustMissing");
    else expect(stdout).toMatch(/^cargo \d/);
  });
});
