import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { type TestKernel, withKernel } from "../../test/kernel.ts";

/** A notebook's folder with files in it. */
function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
}

async function value(k: TestKernel, source: string): Promise<unknown> {
  const ran = await k.run(source);
  return ran.error ? ran.error.traceback.join("\n") : ran.result?.["text/plain"];
}

const inFolder = (files: Record<string, string>, body: (k: TestKernel, folder: string) => Promise<void>) =>
  withKernel(undefined, (k, folder) => {
    write(folder, files);
    return body(k, folder);
  });

const packages = {
  "node_modules/only-esm/package.json":
    '{"name":"only-esm","type":"module","exports":{"import":"./index.js"}}',
  "node_modules/only-esm/index.js":
    "export const kind = 'esm'; export default function hello() { return 'hi' }",
  "node_modules/both/package.json": '{"name":"both","exports":{"import":"./i.mjs","require":"./r.cjs"}}',
  "node_modules/both/i.mjs": "export const by = 'import'",
  "node_modules/both/r.cjs": "exports.by = 'require'",
  "node_modules/old/package.json": '{"name":"old"}',
  "node_modules/old/index.js":
    "const api = {}; for (const n of ['one', 'two']) api[n] = () => n; module.exports = api",
};

describe("imports from the notebook's folder", () => {
  test("packages: ES modules only, both kinds, CommonJS with names Node cannot see", () =>
    inFolder(packages, async (k) => {
      expect(await value(k, "import hello, { kind } from 'only-esm'; [hello(), kind]")).toBe(
        "[ 'hi', 'esm' ]",
      );
      expect(await value(k, "import { by } from 'both'; [by, require('both').by]")).toBe(
        "[ 'import', 'require' ]",
      );
      expect(await value(k, "import { two } from 'old'; two()")).toBe("'two'");
      expect(await value(k, "import * as all from 'old'; all.default.one()")).toBe("'one'");
      expect(await value(k, "(await import('only-esm')).kind")).toBe("'esm'");
      expect(await value(k, "import { kind } from 'npm:only-esm@1'; kind")).toBe("'esm'");
      expect(await value(k, "import { three } from 'old'; three")).toBe(
        'SyntaxError: The module "old" has no export named three.\n    at async cell-7.ts:1:23',
      );
    }));

  test("a name that is used for no value may be a type", () =>
    inFolder(
      { "rows.ts": "export interface Row { id: number }\nexport const make = (): Row => ({ id: 1 })" },
      async (k) => {
        expect(await value(k, "import { Row, make } from './rows'\nconst row: Row = make(); row.id")).toBe(
          "1",
        );
        expect(await value(k, "const again: Row = make(); again")).toBe("{ id: 1 }");
      },
    ));

  test("Node's own modules", () =>
    inFolder({}, async (k) => {
      expect(
        await value(
          k,
          "import { basename } from 'node:path'; import fs from 'fs'; [basename('/a/b'), typeof fs.readFileSync]",
        ),
      ).toBe("[ 'b', 'function' ]");
      expect(await value(k, "const os = await import('node:os'); typeof os.cpus")).toBe("'function'");
    }));

  test("local TypeScript in every spelling", () =>
    inFolder(
      {
        "a.ts":
          "import { deep } from './lib/deep.js';\nexport enum Color { Red = 1 }\nexport const a: number = deep + 1;",
        "lib/deep.ts": "import data from '../data.json';\nexport const deep: number = data.n;",
        "data.json": '{"n": 40}',
        "c.cts": "module.exports = { c: 3 as number }",
      },
      async (k) => {
        expect(await value(k, "import { a, Color } from './a.ts'; [a, Color.Red]")).toBe("[ 41, 1 ]");
        expect(await value(k, "import { a } from './a.js'; a")).toBe("41");
        expect(await value(k, "import { a } from './a'; a")).toBe("41");
        expect(await value(k, "import data from './data.json'; data")).toBe("{ n: 40 }");
        expect(await value(k, "import again from './data.json' with { type: 'json' }; again")).toBe(
          "{ n: 40 }",
        );
        expect(await value(k, "require('./lib/deep').deep + require('./c.cts').c")).toBe("43");
      },
    ));

  test("local modules that were edited are loaded again, with those that import them", () =>
    inFolder(
      {
        "a.ts": "import { b } from './b.ts'; export const a = b + 1",
        "b.ts": "import './c.ts'; export const b = 1",
        "c.ts": "import './b.ts'; globalThis.loads = (globalThis.loads ?? 0) + 1",
        "d.ts": "export const d = {}",
      },
      async (k, folder) => {
        expect(
          await value(k, "import { a } from './a.ts'; import { d } from './d.ts'; const d1 = d; a"),
        ).toBe("2");
        write(folder, {
          "b.ts": "import './c.ts';\nexport const b = 10; export const f = () => { throw new Error('x') }",
        });
        expect(await value(k, "import { a } from './a.ts'; a")).toBe("11");
        expect(await value(k, "import { d } from './d.ts'; [d === d1, loads]")).toBe("[ true, 2 ]");
        expect(await value(k, "import { f } from './b.ts'; f()")).toMatch(/at f \(file:.*\/b\.ts:2:/);
        write(folder, { "a.ts": "export const a = 5" });
        expect(await value(k, "(await import('./a.ts')).a")).toBe("5");
      },
    ));

  test("where a notebook is", () =>
    inFolder(packages, async (k, folder) => {
      expect(await value(k, "[process.cwd(), __dirname, import.meta.dirname]")).toBe(
        `[\n  '${folder}',\n  '${folder}',\n  '${folder}'\n]`,
      );
      const url = pathToFileURL(folder).href;
      expect(await value(k, "import.meta.url")).toBe(`'${url}/notebook.ts'`);
      expect(await value(k, "import.meta.resolve('./x.ts')")).toBe(`'${url}/x.ts'`);
      expect(await value(k, "import.meta.resolve('old')")).toBe(`'${url}/node_modules/old/index.js'`);
    }));

  test("what is not there says so, at the cell's line", () =>
    inFolder({ "broken.ts": "export const = 1" }, async (k) => {
      expect(await value(k, "\nimport 'nowhere'")).toMatch(
        /^PackageMissing: The package nowhere is not installed\./,
      );
      expect(await value(k, "import './nowhere.ts'")).toMatch(/Cannot find module .*nowhere\.ts/);
      expect(await value(k, "import './broken.ts'")).toMatch(/SyntaxError.*broken\.ts:1:14/s);
    }));
});
