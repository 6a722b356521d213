import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { short, useTypes } from "../../../test/types.ts";

const { folder, open, check } = useTypes();

describe("the notebook's folder", () => {
  const at = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  test("local modules, and what changes in them", async () => {
    const inside = at("local");
    writeFileSync(join(inside, "one.ts"), `import { two } from "./two.js"; export const one = two`);
    writeFileSync(join(inside, "two.ts"), `export const two = 1`);
    writeFileSync(join(inside, "data.json"), `{ "a": 1 }`);
    const service = open(inside);
    const cell = `import { one } from "./one"\nimport data from "./data.json" with { type: "json" }\none.toFixed() + data.a`;
    expect(await check([cell], service)).toEqual([]);
    writeFileSync(join(inside, "two.ts"), `export const two = "text"`);
    expect(await check([cell], service)).toEqual([
      "3:5 2551 Property 'toFixed' does not exist on type '\"text\"'. Did you mean 'fixed'?",
    ]);
    rmSync(join(inside, "data.json"));
    expect((await check([cell], service)).join()).toContain("2307 Cannot find module './data.json'");
  });

  test("a package that is installed between two cells", async () => {
    const inside = at("install");
    const service = open(inside);
    const cell = `import thing from "thing"\nimport { x } from "@s/typed"\nthing.length + x`;
    expect(await check([cell], service)).toHaveLength(2);
    const files = {
      "thing/package.json": `{ "name": "thing", "main": "i.js", "types": "i.d.ts" }`,
      "thing/i.d.ts": `declare const thing: string; export default thing`,
      "@s/typed/package.json": `{ "name": "@s/typed", "main": "i.js" }`,
      "@s/typed/i.js": `exports.x = 1`,
      "@types/s__typed/package.json": `{ "name": "@types/s__typed", "types": "i.d.ts" }`,
      "@types/s__typed/i.d.ts": `export const x: number`,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(inside, "node_modules", name, ".."), { recursive: true });
      writeFileSync(join(inside, "node_modules", name), text);
    }
    expect(await check([cell], service)).toEqual([]);
  });

  test("the folder's tsconfig.json, with what cells need", async () => {
    const inside = at("config");
    writeFileSync(
      join(inside, "tsconfig.json"),
      `{ // as people write it
        "compilerOptions": { "noImplicitAny": false, "strictNullChecks": true, "module": "commonjs", "noUnusedLocals": true, "verbatimModuleSyntax": true, "isolatedModules": true },
        "include": ["src/**/*"],
      }`,
    );
    const service = open(inside);
    expect(
      await check(["interface R { a: 1 }", "const f = (x) => x; await f(1); const r: R = { a: 1 }"], service),
    ).toEqual([]);
    expect(await check(["const n: number = null"], service)).toHaveLength(1);
  });

  test("the nearest tsconfig.json above", async () => {
    const inside = at("above/deep/er");
    writeFileSync(join(folder, "above", "tsconfig.json"), `{ "compilerOptions": { "strict": false } }`);
    const service = open(inside);
    expect(await check(["const n: number = null; const f = (x) => x"], service)).toEqual([]);
  });

  test("nothing is written into it", async () => {
    const inside = at("untouched");
    const service = open(inside);
    await check(["const a = 1", "a"], service);
    expect(readdirSync(inside)).toEqual([]);
  });
});

describe("the server's process", () => {
  const children = () =>
    readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  const serversOf = () =>
    children().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--lsp"));

  test.runIf(process.platform === "linux")("starts when asked, again when it died, and ends", async () => {
    const before = serversOf();
    const service = open();
    expect(serversOf()).toEqual(before);
    expect(await check(["const kept = 1", "kept.toFixed()"], service)).toEqual([]);
    const [pid = 0] = serversOf().filter((one) => !before.includes(one));
    expect(pid).not.toBe(0);
    process.kill(pid, "SIGKILL");
    expect(await check(["kept.foo"], service)).toEqual([
      "1:6 2339 Property 'foo' does not exist on type '1'.",
    ]);
    // While it is being asked.
    const [second = 0] = serversOf().filter((one) => !before.includes(one));
    const asked = service.check("cell-1.ts", "kept.bar");
    process.kill(second, "SIGKILL");
    expect(short(await asked)).toEqual(["1:6 2339 Property 'bar' does not exist on type '1'."]);
    await service.close();
    expect(serversOf()).toEqual(before);
    await expect(service.check("cell-1.ts", "1")).rejects.toThrow("ended");
  });
});
