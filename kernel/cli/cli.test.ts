import { describe, expect, it } from "vitest";
import { version } from "../../package.json";
import { CliFolder } from "../../test/cli.ts";
import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";

const { tandem } = new CliFolder();

describe("tandem", () => {
  it("tells its version and its commands", async () => {
    expect((await tandem("--version")).stdout).toBe(`${version}\n`);
    const { stdout, code } = await tandem("--help");
    for (const command of ["run", "kernel", "install", "uninstall"]) {
      expect(stdout).toContain(`tandem ${command}`);
    }
    expect(code).toBe(0);
    const { stdout: help } = await tandem("run", "--help");
    expect(help).toMatch(/^tandem run NOTEBOOK… \[options\]\n/);
    expect(help).toMatch(/^ {2}-o, --out PATH {2}/m);
    expect((await tandem("help", "run")).stdout).toBe(help);
    expect((await tandem("kernel", "--help")).stdout).toMatch(/^tandem kernel FILE/);
  });

  it.each([
    [["fly"], "The commands are run"],
    [["rnu", "a.ipynb"], "Did you mean run?"],
    [["run"], "needs the path"],
    [["run", "a", "--keep-goign"], "Did you mean --keep-going?"],
    [["run", "a", "--out"], "--out needs a value"],
    [["run", "a", "--timeout", "soon"], "30s"],
    [["kernel"], "one connection file"],
    [["kernel", "--ipc"], "IPC channel"],
  ])("refuses %j with exit code 2", async (args, word) => {
    const { code, stderr } = await tandem(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^tandem: /);
    expect(stderr).toContain(word);
  });
});

describe("parseArguments", () => {
  const command: Command = {
    name: "try",
    takes: "FILE…",
    summary: "Tries",
    options: [
      { long: "out", short: "o", value: "PATH", help: "" },
      { long: "set", short: "p", value: "NAME=VALUE", many: true, help: "" },
      { long: "force", short: "f", help: "" },
    ],
    run: async () => 0,
  };
  const parse = (...args: string[]) => parseArguments(command, args);

  it("reads options in all their forms, anywhere among the files", () => {
    const args = parse("a", "--out=x", "-p", "n=1", "-pm=-2", "b", "-f", "--", "--out");
    expect(args.positionals).toEqual(["a", "b", "--out"]);
    expect(args.value("out")).toBe("x");
    expect(args.values("set")).toEqual(["n=1", "m=-2"]);
    expect(args.has("force")).toBe(true);
  });

  it("takes a dash alone and a negative number for values, and an option only after =", () => {
    expect(parse("--out", "-").value("out")).toBe("-");
    expect(parse("--out", "-1").value("out")).toBe("-1");
    expect(parse("--out=-f").value("out")).toBe("-f");
    expect(() => parse("--out", "--force")).toThrow("--out needs a value: --out PATH.");
  });

  it("refuses what the declaration does not have", () => {
    expect(() => parse("--froce")).toThrow("Did you mean --force?");
    expect(() => parse("-x")).toThrow("has no option -x");
    expect(() => parse("--force=1")).toThrow("--force takes no value");
    expect(() => parse("--out", "a", "--out", "b")).toThrow("--out is given twice");
    const { takes: _, ...alone } = command;
    expect(() => parseArguments(alone, ["a"])).toThrow("It takes no a.");
  });
});
