import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withKernel } from "../../../test/kernel.ts";

const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEklEQVR4nGP4z8CARAxQGg0BAPbYB/k33rNaAAAAAElFTkSuQmCC";

test("display.* show text as what it is", () =>
  withKernel(undefined, async (k) => {
    const { displays, error } = await k.run(
      `display.html("<b>x</b>"); display.markdown("# x"); display.latex("$x$"); display.text("x");
display.svg("<svg onload='x()'/>"); display.json({ a: [1, new Date(0)] }); display.table([{ a: 1 }, { a: 2 }], { rows: 1 });
display.table(new Set([{ b: 1 }]))`,
    );
    expect(error).toBeUndefined();
    expect(displays.slice(0, 6).map(({ data }) => data)).toEqual([
      { "text/html": "<b>x</b>" },
      { "text/markdown": "# x", "text/plain": "# x" },
      { "text/latex": "$x$", "text/plain": "$x$" },
      { "text/plain": "x" },
      {
        "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" />',
        "text/plain": "an SVG image",
      },
      {
        "application/json": { a: [1, "1970-01-01T00:00:00.000Z"] },
        "text/plain": "{ a: [ 1, 1970-01-01T00:00:00.000Z ] }",
      },
    ]);
    expect(displays[6]?.data["text/html"]).toContain("first 1 of 2 rows, 1 column");
    expect(displays[7]?.data["text/html"]).toContain("1 row, 1 column");
  }));

test("display.image takes bytes and paths, and keeps the proportions", () =>
  withKernel(undefined, async (k, folder) => {
    writeFileSync(join(folder, "a.png"), Buffer.from(png, "base64"));
    const { displays, error } = await k.run(
      "display.image('a.png'); display.image(require('node:fs').readFileSync('a.png'), { width: 40 }); display.image(new URL('a.png', import.meta.url), { height: 1, width: 1 })",
    );
    expect(error).toBeUndefined();
    expect(displays.map(({ data }) => data["image/png"])).toEqual([png, png, png]);
    expect(displays.map(({ metadata }) => metadata)).toEqual([
      { "image/png": { width: 4, height: 2 } },
      { "image/png": { width: 40, height: 20 } },
      { "image/png": { width: 1, height: 1 } },
    ]);
    expect((await k.run("display.image(Buffer.from('x'))")).error?.evalue).toContain(
      "no PNG, JPEG, GIF, WebP or SVG",
    );
    expect((await k.run("display.image('https://a.b/c.png')")).error?.evalue).toContain("loads nothing");
  }));

test("an id is replaced within a cell, and shown anew where a cell runs again", () =>
  withKernel(undefined, async (k) => {
    const cell = "display('first', { id: 'a' }); display('second', { id: 'a' })";
    expect((await k.run(cell)).order).toEqual(["display", "update"]);
    // The front end has dropped the outputs of the run before.
    const again = await k.run(cell);
    expect(again.order).toEqual(["update", "display", "update"]);
    expect(again.displays).toMatchObject([{ id: "a", data: { "text/plain": "'second'" } }]);
    expect((await k.run("display('third', { id: 'a', update: true })")).order).toEqual(["update"]);
    expect((await k.run("display('new', { id: 'b', update: true })")).order).toEqual(["display"]);
    const timed = await k.run(
      "display(0, { id: 't' }); await new Promise<void>((done) => setTimeout(() => { display(1, { id: 't' }); done() }, 5))",
    );
    expect(timed.order).toEqual(["display", "update"]);
  }));

test("values show themselves by Jupyter.display: objects, functions, classes, at once or by a promise", () =>
  withKernel(undefined, async (k) => {
    await k.run(
      "const show = Symbol.for('Jupyter.display'); const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))",
    );
    const html = async (cell: string) => (await k.run(cell)).result?.["text/html"];
    expect(await html("({ [show]: () => ({ 'text/html': 'object' }) })")).toBe("object");
    expect(await html("Object.assign(() => 1, { [show]: () => ({ 'text/html': 'function' }) })")).toBe(
      "function",
    );
    expect(await html("class C { static [show]() { return { 'text/html': this.name } } }; C")).toBe("C");
    expect(await html("({ async [show]() { await wait(5); return { 'text/html': 'later' } } })")).toBe(
      "later",
    );
    const ran = await k.run(
      "display({ async [show]() { await wait(20); return { 'text/html': 'slow' } } }); display('fast')",
    );
    expect(ran.displays.map(({ data }) => data["text/html"] ?? data["text/plain"])).toEqual([
      "slow",
      "'fast'",
    ]);
    const failed = await k.run(
      "display({ [show]() { throw new Error('cannot') } }); ({ async [show]() { throw new Error('neither') } })",
    );
    expect(failed.error).toBeUndefined();
    expect(failed.stderr).toContain("A value could not show itself: Error: cannot\n    at ");
    expect(failed.stderr).toContain("Error: neither");
    expect(failed.result?.["text/plain"]).toContain("[AsyncFunction");
  }));

test("a promise that is never kept is interrupted", () =>
  withKernel(undefined, async (k) => {
    const { done } = k.start("({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) })");
    setTimeout(() => k.interrupt(), 300);
    expect((await done).error?.ename).toBe("Interrupted");
    expect((await k.run("1")).result).toEqual({ "text/plain": "1" });
  }));

test("images carry their sizes as metadata of the result", () =>
  withKernel(undefined, async (k) => {
    const { resultMetadata } = await k.run(`Buffer.from("${png}", "base64")`);
    expect(resultMetadata).toEqual({ "image/png": { width: 4, height: 2 } });
  }));

test.each([
  ["prints itself", "({ [Symbol.for('nodejs.util.inspect.custom')]() { while (true); } })"],
  ["shows itself", "({ [Symbol.for('Jupyter.display')]() { while (true); } })"],
  ["answers for a proxy", "new Proxy({}, { has() { while (true); } })"],
])("a value that never %s is interrupted", (_what, cell) =>
  withKernel(undefined, async (k) => {
    await k.run("const kept = 1");
    const { done } = k.start(cell);
    setTimeout(() => k.interrupt(), 300);
    expect((await done).error?.ename).toBe("Interrupted");
    expect((await k.run("kept")).result).toEqual({ "text/plain": "1" });
  }),
);

test("workers of a parallel run have the same display", () =>
  withKernel(undefined, async (k) => {
    const { displays, error } = await k.run(
      "%%parallel --force -n 2 x of [1, 2]\ndisplay.html('<b>' + x + '</b>'); display([{ x }]); x",
    );
    expect(error).toBeUndefined();
    const html = displays.map(({ data }) => String(data["text/html"]));
    expect(html.filter((one) => one.startsWith("<b>")).sort()).toEqual(["<b>1</b>", "<b>2</b>"]);
    expect(html.filter((one) => one.startsWith("<table>"))).toHaveLength(2);
  }));
