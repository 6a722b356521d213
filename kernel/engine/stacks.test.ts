import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";

const traceback = (ran: { error?: { traceback: string[] } | undefined }) =>
  ran.error?.traceback.join("\n") ?? "";

test("a stack names cells with their true lines and columns, and nothing of ours", () =>
  withKernel(undefined, async (k) => {
    expect(traceback(await k.run("throw new Error('first line')"))).toMatch(
      /^Error: first line\n {4}at cell-1\.ts:1:7$/,
    );
    await k.run("enum Color { Red }\nfunction deep() { throw new TypeError('deep') }");
    const nested = traceback(await k.run("\nconst call = () => deep()\n  call()"));
    expect(nested).toMatch(
      /^TypeError: deep\n {4}at deep \(cell-2\.ts:2:25\)\n {4}at call \(cell-3\.ts:2:20\)\n {4}at cell-3\.ts:3:3$/,
    );
    const awaited = traceback(
      await k.run("await null\nasync function late() { await 1; throw new Error('late') }\nawait late()"),
    );
    expect(awaited).toContain("cell-4.ts:2:40");
    expect(awaited).not.toMatch(/node:internal|inspector|engine\.cjs/);
  }));

test("causes, several errors at once, and what is no error are shown whole", () =>
  withKernel(undefined, async (k) => {
    const chain = traceback(
      await k.run(
        "const a = new Error('root')\nconst b = new Error('middle', { cause: a })\nthrow new Error('top', { cause: b })",
      ),
    );
    for (const part of ["top", "middle", "root", "cell-1.ts:1:11", "cell-1.ts:2:11", "cell-1.ts:3:7"])
      expect(chain).toContain(part);
    const many = traceback(
      await k.run(
        "throw new AggregateError([new RangeError('one'), new Error('two', { cause: 'why' })], 'many')",
      ),
    );
    for (const part of ["AggregateError: many", "RangeError: one", "Error: two", "why"])
      expect(many).toContain(part);
    expect(traceback(await k.run("throw { code: 7 }"))).toBe("Uncaught { code: 7 }");
    expect(traceback(await k.run("throw null"))).toBe("Uncaught null");
  }));

test("an error in a local module names its file and line", () =>
  withKernel(undefined, async (k, folder) => {
    writeFileSync(
      join(folder, "mod.ts"),
      "export type T = 1\nexport function fail(): never {\n  throw new Error('here')\n}",
    );
    const text = traceback(await k.run("import { fail } from './mod'\nfail()"));
    expect(text).toMatch(/mod\.ts:3:9\)\n {4}at cell-1\.ts:2:1/);
  }));

test("an error that is printed names the same places, and nothing of ours", () =>
  withKernel(undefined, async (k) => {
    const printed = await k.run(
      "enum Color { Red }\n  const make = () => new Error('made')\nconsole.log([make()], make().stack)",
    );
    expect(printed.stdout.match(/cell-1\.ts:\d+:\d+/g)).toEqual(
      Array(2).fill(["cell-1.ts:2:22", "cell-1.ts:3:14"]).flat().with(3, "cell-1.ts:3:23"),
    );
    expect(printed.stdout).not.toMatch(/node:|\.cjs/);
    const traced = await k.run("async function late() { await 1; console.trace('here') }\nawait late()");
    expect(traced.stderr).toMatch(
      /^Trace: here\n {4}at late \(cell-2\.ts:1:42\)\n {4}at async cell-2\.ts:2:1\n$/,
    );
    expect((await k.run("[new Error('in a list')]")).result?.["text/plain"]).toBe(
      "[\n  Error: in a list\n      at cell-3.ts:1:2\n]",
    );
  }));

test("modules whose code is compiled have their own lines, imported or required", () =>
  withKernel(undefined, async (k, folder) => {
    const source = (name: string) =>
      `enum Kind {\n  A,\n}\nexport namespace Space { export const kind = Kind.A }\nexport function ${name}() {\n    throw new Error('from ${name}')\n}\n`;
    writeFileSync(join(folder, "imported.ts"), source("imported"));
    writeFileSync(join(folder, "required.ts"), source("required"));
    expect(traceback(await k.run("import { imported } from './imported'\nimported()"))).toMatch(
      /imported\.ts:6:11\)\n {4}at cell-1\.ts:2:1$/,
    );
    expect(traceback(await k.run("require('./required.ts').required()"))).toMatch(/required\.ts:6:11\)/);
    writeFileSync(join(folder, "imported.ts"), `\n\n${source("imported")}`);
    expect(traceback(await k.run("import { imported } from './imported'\nimported()"))).toMatch(
      /imported\.ts:8:11\)/,
    );
  }));

test("whatever is thrown, the cell ends", () =>
  withKernel(undefined, async (k) => {
    const no = "const no = (): never => { throw 1 }";
    await k.run(no);
    for (const thrown of [
      "new Proxy({}, { get: no, has: no, getPrototypeOf: no })",
      "new Proxy(new Error('m'), { get: no })",
      "Object.defineProperty(new Error('m'), 'message', { get: no })",
      "Object.defineProperty(new Error('m'), 'stack', { get: no })",
    ]) {
      const ran = await k.run(`throw ${thrown}`);
      expect([thrown, ran.status]).toEqual([thrown, "error"]);
    }
    const late = await k.run(
      "Promise.reject(new Proxy({}, { get: no, getPrototypeOf: no })); await new Promise((done) => setTimeout(done, 20)); 'lives'",
    );
    expect(late.stderr).toContain("Unhandled rejection: Uncaught [what was thrown cannot be shown");
    expect(late.result).toEqual({ "text/plain": "'lives'" });
  }));

test("chains of causes, errors in errors and fields of subclasses are shown to the last", () =>
  withKernel(undefined, async (k) => {
    const text = traceback(
      await k.run(`class HttpError extends Error {
  constructor(message: string, readonly status: number) { super(message); this.name = 'HttpError' }
}
const chain = [5, 4, 3, 2].reduce((cause, i) => new Error('cause ' + i, { cause }), new HttpError('bottom', 404))
const inner = new AggregateError([new RangeError('deep one'), chain], 'inner')
throw new AggregateError([inner, 'no error'], 'outer')`),
    );
    const shown = ["AggregateError: outer", "[error 1 of 2]: AggregateError: inner", "RangeError: deep one"];
    for (const part of [...shown, "cause 2", "cause 3", "cause 4", "cause 5"]) expect(text).toContain(part);
    expect(text).toMatch(/\[cause\]: HttpError: bottom\n +at cell-1\.ts:4:\d+ \{\n +status: 404\n/);
    expect(text).toContain("[error 2 of 2]: 'no error'");
  }));

test("what `using` frees may fail, too: both errors are told, without the compiler's own frames", () =>
  withKernel(undefined, async (k) => {
    const text = traceback(
      await k.run(
        "using held = { [Symbol.dispose]() { throw new Error('in dispose') } }\nconst fails = () => { throw new Error('body') }\nfails()",
      ),
    );
    expect(text).toContain("An error was suppressed during disposal");
    expect(text).toMatch(/\n\[error\]: Error: in dispose\n {4}at .*\(cell-1\.ts:1:43\)/);
    expect(text).toMatch(
      /\n\[suppressed\]: Error: body\n {4}at fails \(cell-1\.ts:2:29\)\n {4}at cell-1\.ts:3:1$/,
    );
    expect([...text.matchAll(/cell-1\.ts:(\d+)/g)].every(([, line]) => Number(line) <= 3)).toBe(true);
    expect(text).not.toMatch(/__\w+ispose/);
  }));
