import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

/** Writes packages as an installer lays them out: files by path, links from a path to a folder. */
function layOut(folder: string, files: Record<string, string>, links: Record<string, string> = {}): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [from, to] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, from)), { recursive: true });
    symlinkSync(relative(dirname(join(folder, from)), join(folder, to)), join(folder, from), "dir");
  }
}

const manifest = (name: string, rest = "") => `{ "name": "${name}", "version": "1.0.0"${rest} }`;
const types = (name: string) => `export declare const from: "${name}"; export declare const size: number`;

test("pnpm's layout: links into a store, where a package sees what it depends on and nothing else", () =>
  withKernel(
    undefined,
    async (k, folder) => {
      const store = (name: string) => `node_modules/.pnpm/${name}@1.0.0/node_modules`;
      const app = `${store("app-tool")}/app-tool`;
      const dep = `${store("deep-dep")}/deep-dep`;
      const scoped = "node_modules/.pnpm/@team+kit@1.0.0/node_modules/@team/kit";
      layOut(
        folder,
        {
          [`${app}/package.json`]: manifest(
            "app-tool",
            ', "type": "module", "exports": "./index.js", "types": "./index.d.ts"',
          ),
          [`${app}/index.js`]:
            "import { from as dep } from 'deep-dep'; export const from = 'app of ' + dep; export const size = 2",
          [`${app}/index.d.ts`]: "export declare const from: string; export declare const size: number",
          [`${dep}/package.json`]: manifest("deep-dep", ', "main": "main.js"'),
          [`${dep}/main.js`]: "exports.from = 'dep'",
          [`${scoped}/package.json`]: manifest("@team/kit", ', "main": "kit.js", "types": "kit.d.ts"'),
          [`${scoped}/kit.js`]: "exports.from = '@team/kit'; exports.size = 1",
          [`${scoped}/kit.d.ts`]: types("@team/kit"),
          "packages/own/package.json": manifest("own", ', "exports": "./src/index.ts"'),
          "packages/own/src/index.ts":
            "export enum Kind { Own = 'own' }\nexport const from: string = Kind.Own",
        },
        {
          "node_modules/app-tool": app,
          "node_modules/@team/kit": scoped,
          [`${store("app-tool")}/deep-dep`]: dep,
          // A package of the workspace, which is TypeScript as it stands.
          "node_modules/own": "packages/own",
        },
      );
      await k.run("%config check = strict");
      const ran = await k.run(
        "import { from, size } from 'app-tool'\nimport kit from '@team/kit'\nimport { from as own } from 'own'\n[from, size.toFixed(1), require('@team/kit').from, kit.from, own]",
      );
      expect(ran.error?.traceback.join("\n") ?? ran.result?.["text/plain"]).toBe(
        "[ 'app of dep', '2.0', '@team/kit', '@team/kit', 'own' ]",
      );
      expect((await k.run("size.length")).error?.evalue).toContain(
        "'length' does not exist on type 'number'",
      );
      await k.run("%config check = off");
      expect((await k.run("import 'deep-dep'")).error?.evalue).toContain(
        "The package deep-dep is not installed.",
      );
    },
    { types: true },
  ));

test("Yarn's and npm's flat layout, where a package may have its own version of another", () =>
  withKernel(undefined, async (k, folder) => {
    layOut(folder, {
      "yarn.lock": "# yarn lockfile v1",
      "node_modules/.yarn-integrity": "{}",
      "node_modules/flat/package.json": manifest("flat", ', "main": "a.js"'),
      "node_modules/flat/a.js": "exports.from = 'flat with ' + require('inner').from",
      "node_modules/inner/package.json": manifest("inner"),
      "node_modules/inner/index.js": "exports.from = 'outer inner'",
      "node_modules/flat/node_modules/inner/package.json": manifest("inner"),
      "node_modules/flat/node_modules/inner/index.js": "exports.from = 'its own inner'",
    });
    const ran = await k.run("import { from } from 'flat'\nimport inner from 'inner'\n[from, inner.from]");
    expect(ran.result?.["text/plain"]).toBe("[ 'flat with its own inner', 'outer inner' ]");
  }));

test("packages of a folder above the notebook's", () =>
  withKernel(undefined, async (_, folder) => {
    const below = join(folder, "notebooks/deep");
    layOut(folder, {
      "node_modules/above/package.json": manifest("above"),
      "node_modules/above/index.js": "exports.from = 'above'",
      "notebooks/deep/.keep": "",
    });
    await withKernel(below, async (k) => {
      expect((await k.run("import { from } from 'above'\nfrom")).result?.["text/plain"]).toBe("'above'");
    });
  }));

test("Yarn's Plug'n'Play says what to change, for import and for require", () =>
  withKernel(undefined, async (k, folder) => {
    layOut(folder, { ".pnp.cjs": "", "package.json": '{ "dependencies": { "left-pad": "1" } }' });
    for (const cell of ["import 'left-pad'", "await import('left-pad')", "require('left-pad')"]) {
      const { error } = await k.run(cell);
      expect(error?.ename).toBe("PlugAndPlay");
      expect(error?.evalue).toContain("nodeLinker: node-modules");
    }
  }));
