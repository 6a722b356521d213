import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseNode, isNewEnough, type NodeSearch } from "./node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-node-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that says it is a Node of that version. */
async function fakeNode(path: string, version: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}

const search = (change: Partial<NodeSearch> = {}): NodeSearch => ({
  folder,
  setting: "",
  env: { PATH: join(folder, "bin") },
  home: join(folder, "home"),
  own: { path: "/editor", version: "24.1.0" },
  ...change,
});

describe.skipIf(process.platform === "win32")("the Node of a notebook", () => {
  it("is the real one that runs this test, where PATH leads to it", async () => {
    const { choice } = await chooseNode(search({ env: { PATH: dirname(process.execPath) } }));
    expect(choice).toMatchObject({ version: process.versions.node, source: "PATH" });
  });

  it("is the setting's before all others", async () => {
    await fakeNode("bin/node", "24.0.0");
    const setting = await fakeNode("mine/node", "22.1.0");
    expect((await chooseNode(search({ setting }))).choice).toMatchObject({
      path: setting,
      version: "22.1.0",
    });
  });

  it("is not silently another one when the setting's is too old or missing", async () => {
    await fakeNode("bin/node", "24.0.0");
    const setting = await fakeNode("mine/node", "18.19.1");
    await expect(chooseNode(search({ setting }))).rejects.toThrow(
      /Node 18\.19\.1; the oldest that works is 20\.20\.0/,
    );
    await expect(chooseNode(search({ setting: "/nowhere/node" }))).rejects.toThrow(
      /No Node starts from there/,
    );
  });

  it("is the newest that nvm has of what the nearest .nvmrc above asks for", async () => {
    await writeFile(join(folder, ".nvmrc"), "v22\n");
    await mkdir(join(folder, "deep", "er"), { recursive: true });
    await fakeNode("home/.nvm/versions/node/v22.9.0/bin/node", "22.9.0");
    const newest = await fakeNode("home/.nvm/versions/node/v22.14.0/bin/node", "22.14.0");
    const { choice } = await chooseNode(search({ folder: join(folder, "deep", "er") }));
    expect(choice).toMatchObject({ path: newest, source: ".nvmrc" });
  });

  it("is looked for further, saying why, when .nvmrc names one that is not installed", async () => {
    await writeFile(join(folder, ".nvmrc"), "21");
    const path = await fakeNode("bin/node", "20.20.2");
    const { choice, skipped } = await chooseNode(search());
    expect(choice.path).toBe(path);
    expect(skipped.join()).toMatch(/\.nvmrc asks for Node 21, which is not installed/);
  });

  it("is Volta's before PATH's", async () => {
    await fakeNode("bin/node", "20.20.2");
    const volta = await fakeNode("home/.volta/bin/node", "22.0.0");
    expect((await chooseNode(search())).choice).toMatchObject({ path: volta, source: "Volta" });
  });

  it("is the next on PATH behind one that is too old", async () => {
    await fakeNode("old/node", "18.0.0");
    const path = await fakeNode("bin/node", "20.20.0");
    const PATH = `${join(folder, "old")}:${join(folder, "bin")}`;
    const { choice, skipped } = await chooseNode(search({ env: { PATH } }));
    expect(choice.path).toBe(path);
    expect(skipped).toEqual([`${join(folder, "old", "node")} (PATH) is Node 18.0.0.`]);
  });

  it("is VS Code's own, started as Node, where there is no other", async () => {
    const { choice } = await chooseNode(search());
    expect(choice).toMatchObject({ path: "/editor", env: { ELECTRON_RUN_AS_NODE: "1" } });
  });

  it("is an error with the way out where even that is too old", async () => {
    const own = { path: "/editor", version: "20.19.0" };
    await expect(chooseNode(search({ own }))).rejects.toThrow(/VS Code's own is 20\.19\.0.*Install Node/s);
  });
});

it("versions are compared part by part as numbers", () => {
  expect(isNewEnough("20.20.0")).toBe(true);
  expect(isNewEnough("20.9.9")).toBe(false);
  expect(isNewEnough("22.0.0")).toBe(true);
  expect(isNewEnough("20.19.99")).toBe(false);
});
