import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { executable, hasPython } from "../../test/python.ts";
import { findPythons } from "./find.ts";

describe("finding a Python", () => {
  /** The files found, where the programs of `there` are, by paths relative to a folder. */
  async function found(
    there: string[],
    env: Record<string, string>,
    platform: NodeJS.Platform,
    asked?: string,
  ) {
    const folder = mkdtempSync(join(tmpdir(), "tandem-find-"));
    for (const name of there) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      program(join(folder, name), "");
    }
    const at = (text: string) => text.replaceAll("~", folder);
    const around = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, at(value)]));
    const commands = await findPythons(asked, { folder: join(folder, "notebooks"), env: around, platform });
    rmSync(folder, { recursive: true, force: true });
    return commands.map(({ file, args }) => [file.slice(folder.length + 1), ...args].join(" "));
  }

  const all = ["notebooks/venv/bin/python", "notebooks/.venv/bin/python", ".venv/bin/python"];
  const more = ["active/bin/python", "chosen/bin/python", "bin/python3", "bin/python", "mine/bin/python"];

  test("by --python, by the setting, else by the nearest environment, the editor's choice and PATH", async () => {
    const there = [...all, ...more];
    const env = { VIRTUAL_ENV: "~/active", TANDEM_EDITOR_PYTHON: "~/chosen", PATH: "~/bin" };
    expect(await found(there, env, "linux")).toEqual([
      "active/bin/python",
      "notebooks/.venv/bin/python",
      "notebooks/venv/bin/python",
      ".venv/bin/python",
      "chosen/bin/python",
      "bin/python3",
      "bin/python",
    ]);
    expect(await found(there, { ...env, TANDEM_PYTHON: "~/mine" }, "linux")).toEqual(["mine/bin/python"]);
    expect(await found(there, { ...env, TANDEM_PYTHON: "~/mine" }, "linux", "python")).toEqual([
      "bin/python",
    ]);
    expect(await found(there, { TANDEM_EDITOR_PYTHON: "~/gone", PATH: "~/bin" }, "linux")).not.toContain(
      "gone",
    );
  });

  test("on Windows by py -3 too, and never by the Store's stub", async () => {
    const stub = "Local/Microsoft/WindowsApps";
    const there = [`${stub}/python3.exe`, `${stub}/python.exe`, "windows/py.exe"];
    expect(await found(there, { PATH: [`~/${stub}`, "~/windows"].join(delimiter) }, "win32")).toEqual([
      "windows/py.exe -3",
    ]);
  });
});

describe("choosing a Python", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test("without one: says what to install, and TypeScript goes on", () =>
    withKernel(undefined, async (k, folder) => {
      process.env.PATH = join(folder, "empty");
      for (const name of ["TANDEM_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"]) delete process.env[name];
      const ran = await k.run("%%python\n1");
      expect(ran.error?.evalue).toMatch(/^No Python was found.*Install it/s);
      expect((await k.run("await py.abs(1)")).error?.evalue).toMatch(/^No Python was found/);
      expect((await k.run("1")).result).toEqual({ "text/plain": "1" });
    }));

  test("one that is named but absent, too old or broken", () =>
    withKernel(undefined, async (k, folder) => {
      expect((await k.run("%%python --python ./none\n1")).error?.evalue).toMatch(/no Python at \.\/none/);
      program(
        join(folder, "old"),
        `printf '\\0%s:hello {"version": "2.7.18", "tooOld": true}\\n' "$TANDEM_RUNNER"`,
      );
      expect((await k.run("%%python --python ./old\n1")).error?.evalue).toMatch(
        /too old.*Python 2\.7\.18.*3\.9/s,
      );
      program(join(folder, "broken"), "echo no such library >&2; exit 127");
      expect((await k.run("%%python --python ./broken\n1")).error?.evalue).toMatch(
        /cannot run Python cells.*exit code 127.*no such library/s,
      );
      process.env.TANDEM_PYTHON = join(folder, "gone");
      expect((await k.run("%%python\n1")).error?.evalue).toMatch(/gone.*TANDEM_PYTHON names it/s);
    }));

  test.skipIf(!hasPython)("a virtual environment of the folder comes before PATH; several at once", () =>
    withKernel(undefined, async (k, folder) => {
      for (const name of ["TANDEM_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"]) delete process.env[name];
      const python = executable;
      for (const name of [".venv", "other"]) {
        execFileSync(python, ["-m", "venv", "--without-pip", join(folder, name)]);
      }
      const prefix = "%%python\nimport sys\nsys.prefix";
      expect((await k.run(prefix)).result?.["text/plain"]).toBe(`'${join(folder, ".venv")}'`);
      const other = prefix.replace("%%python", "%%python --python other");
      expect((await k.run(other)).result?.["text/plain"]).toBe(`'${join(folder, "other")}'`);
      // `py` is the interpreter of the latest cell; another one is named.
      expect((await k.run("await py.sys.prefix")).result?.["text/plain"]).toBe(`'${join(folder, "other")}'`);
      expect((await k.run("await py('.venv').sys.prefix")).result?.["text/plain"]).toBe(
        `'${join(folder, ".venv")}'`,
      );
      await k.run("%%python\nx = 1");
      expect((await k.run("await py.sys.prefix")).result?.["text/plain"]).toBe(`'${join(folder, ".venv")}'`);
    }),
  );

  test.skipIf(!hasPython)("cells import from the notebook's folder, not from ours", () =>
    withKernel(undefined, async (k, folder) => {
      writeFileSync(join(folder, "values.py"), "mine = 3");
      mkdirSync(join(folder, "sub"));
      symlinkSync(folder, join(folder, "sub", "loop"));
      expect((await k.run("%%python\nimport values\nvalues.mine")).result).toEqual({ "text/plain": "3" });
    }),
  );
});

function program(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
