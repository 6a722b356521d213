import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { CliFolder } from "../../test/cli.ts";

const cli = new CliFolder();
const { tandem } = cli;
let folder: string;
beforeEach(() => {
  folder = cli.path;
  rmSync(join(folder, "share"), { recursive: true, force: true });
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
    expect(await cli.start(["install", "--user", "--name", "tandem-next"], env).ended).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(folder, "data", "kernels", "tandem-next", "kernel.json"))).toBe(true);
  });

  it("installs for the active virtual environment", async () => {
    const env = { VIRTUAL_ENV: folder, CONDA_PREFIX: "" };
    expect(await cli.start(["install", "--sys-prefix"], env).ended).toMatchObject({ code: 0 });
    expect(existsSync(join(spec(), "kernel.json"))).toBe(true);
    expect(await cli.start(["uninstall", "--sys-prefix"], env).ended).toMatchObject({ code: 0 });
    expect(existsSync(spec())).toBe(false);
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
