import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

test("a notebook written for tslab shows by tslab's display", () =>
  withKernel(undefined, async (k) => {
    const ran = await k.run(
      "import { display } from 'tslab'\ndisplay.html('<b>x</b>'); display.markdown('# x'); display.png(new Uint8Array([1, 2, 3])); display.raw('text/x', 'y')",
    );
    expect(ran.error).toBeUndefined();
    expect(ran.displays.map(({ data }) => data)).toEqual([
      { "text/html": "<b>x</b>" },
      { "text/markdown": "# x" },
      { "image/png": "AQID" },
      { "text/x": "y" },
    ]);
    const updated = await k.run(
      "import * as tslab from 'tslab'\nconst d = tslab.newDisplay(); d.text('one'); d.text('two')",
    );
    expect(updated.displays).toMatchObject([{ data: { "text/plain": "two" } }]);
    expect(updated.order).toEqual(["display", "update"]);
  }));

test("a notebook written for Deno shows by Deno.jupyter; all else names Node's way", () =>
  withKernel(undefined, async (k) => {
    const title = await k.run(`const n = 3; Deno.jupyter.md\`# \${n} rows\``);
    expect(title.result).toMatchObject({ "text/markdown": "# 3 rows" });
    const { displays } = await k.run(
      "const { html, display: show } = Deno.jupyter; await show(html`<i>a</i>`); await show({ 'text/plain': 'raw' }, { raw: true })",
    );
    expect(displays.map(({ data }) => data)).toEqual([{ "text/html": "<i>a</i>" }, { "text/plain": "raw" }]);
    const own = await k.run("({ [Symbol.for('Jupyter.display')]() { return { 'text/html': '<u>z</u>' } } })");
    expect(own.result).toMatchObject({ "text/html": "<u>z</u>" });
    const failed = await k.run("await Deno.readTextFile('x')");
    expect(failed.error?.ename).toBe("NotDeno");
    expect(failed.error?.evalue).toContain("Use readFile(path, 'utf8') of node:fs/promises.");
    expect((await k.run("typeof Deno")).result).toEqual({ "text/plain": "'undefined'" });
    expect((await k.run("const Deno = { x: 1 }; Deno.x")).result).toEqual({ "text/plain": "1" });
  }));

test("what cannot be imported says what to do", () =>
  withKernel(undefined, async (k, folder) => {
    const message = async (source: string) => (await k.run(source)).error?.evalue;
    expect(await message("import 'npm:@scope/tool@2.1/deep'")).toContain("Run %npm install @scope/tool@2.1,");
    expect(await message("import _ from 'lodash'")).toContain("The package lodash is not installed.");
    expect(await message("import { x } from 'jsr:@std/csv@1'")).toContain("%sh npx jsr add @std/csv@1");
    expect(await message("await import('https://example.org/mod.ts')")).toContain("not from the network");
    writeFileSync(join(folder, ".pnp.cjs"), "");
    expect(await message("import 'left-pad'")).toContain("nodeLinker: node-modules");
  }));

test("the folder's tsconfig.json: paths, extends, JSX, decorators", () =>
  withKernel(undefined, async (k, folder) => {
    mkdirSync(join(folder, "lib/deep"), { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write("base.json", '{ "compilerOptions": { "experimentalDecorators": true, "jsxFactory": "h" } } // yes');
    write(
      "tsconfig.json",
      '{ "extends": "./base", "compilerOptions": { "jsx": "react", "paths": { "@lib/*": ["./lib/*"] } } }',
    );
    write("lib/one.ts", "import { two } from '@lib/deep/two'\nexport const one: number = two - 1");
    write("lib/deep/two.ts", "export const two = 2");
    expect((await k.run("import { one } from '@lib/one'; one")).result).toEqual({ "text/plain": "1" });
    write("lib/deep/two.ts", "export const two = 22");
    expect((await k.run("import { one } from '@lib/one'; one")).result).toEqual({ "text/plain": "21" });
    const jsx = await k.run("const h = (...all: unknown[]) => all.length; <p id='a'>text</p>");
    expect(jsx.result).toEqual({ "text/plain": "3" });
    const legacy = await k.run(
      "const seen: unknown[] = []\nconst note = (target: object, key: string) => void seen.push(key)\nclass A { @note field = 1; @note method() {} }\nseen",
    );
    expect(legacy.result).toEqual({ "text/plain": "[ 'field', 'method' ]" });
    write("base.json", "{}");
    const standard = await k.run(
      "const log: unknown[] = []\nconst mark = (_: unknown, context: { kind: string }) => void log.push(context.kind)\nclass B { @mark field = 1; @mark method() {} }\nlog",
    );
    expect(standard.result).toEqual({ "text/plain": "[ 'method', 'field' ]" });
  }));
