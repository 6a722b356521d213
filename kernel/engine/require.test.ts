import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type TestKernel, withKernel } from "../../test/kernel.ts";

const inFolder = (body: (k: TestKernel, write: (path: string, text: string) => void) => Promise<void>) =>
  withKernel(undefined, (k, folder) =>
    body(k, (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }),
  );

const value = async (k: TestKernel, cell: string) => {
  const { error, result } = await k.run(cell);
  return error?.traceback.join("\n") ?? result?.["text/plain"];
};

test("require finds TypeScript by what an import may write, and by tsconfig.json's paths", () =>
  inFolder(async (k, write) => {
    write("tsconfig.json", '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }');
    write("a.ts", "import { b } from './lib/b.js'\nexport const a = b + 1");
    write(
      "lib/b.ts",
      "import { c } from './c.cjs'\nimport { d } from '@lib/d'\nexport const b: number = c + d",
    );
    write("lib/c.cts", "export const c = 10");
    write("lib/d/index.ts", "export const d = 100");
    write("js.js", "exports.own = 'js'");
    write("js.ts", "export const own = 'ts'");
    expect(await value(k, "require('./a.js').a")).toBe("111");
    expect(await value(k, "require('@lib/d').d")).toBe("100");
    expect(await value(k, "require('./js.js').own")).toBe("'js'");
    expect(await value(k, "require('./missing.js')")).toMatch(/^Error: Cannot find module '\.\/missing\.js'/);
    expect(await value(k, "require('left-pad')")).toContain("Run %npm install left-pad");
    expect(await value(k, "require('npm:left-pad@1')")).toContain("Run %npm install left-pad@1");
  }));

test("what was required is loaded again once it, or what it requires, has changed", () =>
  inFolder(async (k, write) => {
    write(
      "top.ts",
      "import { low } from './low'\nexport const top = low + '!'\nexport const state = { n: 0 }",
    );
    write("low.js", "exports.low = 'one'");
    write("other.js", "exports.loads = (globalThis.loads = (globalThis.loads ?? 0) + 1)");
    expect(
      await value(k, "const { top, state } = require('./top'); state.n = 5; require('./other'); top"),
    ).toBe("'one!'");
    expect(await value(k, "require('./top').state.n")).toBe("5");
    write("low.js", "exports.low = 'another'");
    expect(await value(k, "[require('./top').top, require('./other').loads]")).toBe("[ 'another!', 1 ]");
    write("low.js", "exports.low = 'the third one'");
    expect(await value(k, "import { low } from './low.js'\n[low, require('./top').top]")).toBe(
      "[ 'the third one', 'the third one!' ]",
    );
    write("broken.ts", "const x: = 1");
    expect(await value(k, "require('./broken')")).toMatch(
      /^SyntaxError: Unexpected "="\n {4}at \S*broken\.ts:1:10\n\n> 1 \|/,
    );
    write("broken.ts", "export const x: number = 1 // mended");
    expect(await value(k, "require('./broken').x")).toBe("1");
  }));

test("a module that does not parse is shown with its place, once", () =>
  inFolder(async (k, write) => {
    write("broken.mjs", "export const fine = 1\nconst x = ;");
    expect(await value(k, "import './broken.mjs'")).toMatch(/^SyntaxError: .*\n {4}at \S*broken\.mjs:2:11\n/);
    write("broken.ts", "export const fine = 1\nconst x: = 1");
    expect(await value(k, "import './broken'")).toMatch(
      /^SyntaxError: Unexpected "="\n {4}at \S*broken\.ts:2:10\n\n {2}1 \| export const fine = 1\n> 2 \| const x: = 1\n {4}\| {10}\^$/,
    );
  }));

test("emitDecoratorMetadata keeps the types of what is decorated", () =>
  inFolder(async (k, write) => {
    write(
      "tsconfig.json",
      '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
    );
    // What the package reflect-metadata does, as far as it is needed here.
    await k.run(`const kept: [string, unknown, string | undefined][] = []
Object.assign(Reflect, { metadata: (key: string, value: unknown) => (_: object, name?: string) => void kept.push([key, value, name]) })
class Engine {}
function service(_: object) {}
function field(_: object, __: string) {}`);
    const cell = await k.run(`@service class Car {
  constructor(readonly engine: Engine, doors: number) {}
  @field owners: string[] = []
  fails(): never { throw new Error('here') }
}
const names = (value: any) => [value].flat().map((one) => one.name).join()
;[Car.name, ...kept.splice(0).map(([key, value, name]) => key + ' ' + names(value) + ' ' + name)].join('; ')`);
    expect(cell.result?.["text/plain"]).toBe(
      "'Car; design:type Array owners; design:paramtypes Engine,Number undefined'",
    );
    expect(await value(k, "new Car(new Engine(), 4).fails()")).toContain("at Car.fails (cell-2.ts:4:26)");
    write(
      "local.ts",
      "const note: PropertyDecorator = () => {}\nexport class Local { @note when!: Date }\nexport const fails = () => { throw new Error('x') }",
    );
    expect(
      await value(k, "import { Local, fails } from './local'\n[Local.name, kept[0]?.[1] === Date]"),
    ).toBe("[ 'Local', true ]");
    expect(await value(k, "fails()")).toMatch(/local\.ts:3:36\)/);
    expect(await value(k, "require('./local').fails()")).toMatch(/local\.ts:3:36\)/);
  }));
