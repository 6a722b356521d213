import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, TestKernel } from "../../test/kernel.ts";
import { until } from "../../test/until.ts";

let kernel: TestKernel;

beforeAll(() => {
  kernel = new TestKernel(process.cwd());
});

afterAll(() => kernel.close());

async function ok(cell: string): Promise<Ran> {
  const ran = await kernel.run(cell);
  expect(ran.error?.traceback.join("\n") ?? "", cell).toBe("");
  return ran;
}

const shown = async (cell: string) => (await ok(cell)).result?.["text/plain"];
const displayed = (ran: Ran) => ran.displays.map(({ data }) => data["text/plain"]).join("\n");

describe("the cell", () => {
  test("--explain shows how each name travels, and its size", async () => {
    await ok(
      "import { basename } from 'node:path'\nconst words = ['x'.repeat(5000)]\nconst area = new Float64Array(new SharedArrayBuffer(8000))\nconst half = (n: number) => n / 2\nconst limit = 3",
    );
    const lines = displayed(
      await ok(
        "%%parallel --explain x of [1]\n[basename('/a/b'), words[0]!.length, area.length, half(limit), x].length",
      ),
    ).split("\n");
    const row = (name: string) => lines.find((line) => line.startsWith(`${name} `)) ?? "";
    expect(row("words")).toMatch(/a copy of its data +5\.\d\d kB$/);
    expect(row("area")).toMatch(/8\.00 kB in shared memory$/);
    expect(row("half")).toMatch(/its source +\d+ B$/);
    expect(row("limit")).toMatch(/its value$/);
    expect(row("basename")).toMatch(/imported again|the worker's own/);
    expect(displayed(await ok("%%parallel --explain x of [1]\nx"))).toContain("no names from outside");
  });

  test("gives the body's last expression for each item, in their order", async () => {
    expect(await shown("%%parallel x of [3, 1, 2]\nconst y: number = x * 2\ny + 1")).toBe("[ 7, 3, 5 ]");
    expect(await shown("_")).toBe("[ 7, 3, 5 ]");
    expect(await shown("%%parallel --force x of [3, 1, 2]\nconst y: number = x * 2\ny + 1")).toBe(
      "[ 7, 3, 5 ]",
    );
  });

  test("takes patterns, options and a comment in its head", async () => {
    expect(
      await shown(
        "%%parallel -n 2 --chunk=1 --force [i, { v = 5 }] of [{ v: 1 }, {}].entries() // pairs\n[i, v]",
      ),
    ).toBe("[ [ 0, 1 ], [ 1, 5 ] ]");
  });

  test("large copies are named, and shared memory is none", async () => {
    await ok(
      "const texts = Array.from({ length: 12 }, (_, i) => String(i % 10).repeat(1e6))\nconst few = ['a']\nconst doubles = new Float64Array(2e6)",
    );
    const { stderr } = await ok("%%parallel --force x of [1]\ntexts.length + few.length + x");
    expect(stderr).toMatch(/^12\.0 MB are copied to each worker: texts \(12\.0 MB\)\./);
    expect((await ok("%%parallel --force x of [1]\ndoubles.length + x")).stderr).toBe("");
  });

  test("declares its result under a name, and shows it only when asked", async () => {
    const ran = await ok("%%parallel --out doubled x of await Promise.resolve([1, 2] as number[])\nx * 2");
    expect(ran.result).toBeUndefined();
    expect(await shown("doubled")).toBe("[ 2, 4 ]");
    await ok("%%parallel --force --out doubled x of [5]\nx * 2");
    expect(await shown("doubled")).toBe("[ 10 ]");
  });

  test("awaits in its body, and returns early", async () => {
    expect(
      await shown(
        "%%parallel --force x of [1, 2, 3]\nif (x === 2) return 'two'\nawait new Promise((r) => setTimeout(r, 1))\nx",
      ),
    ).toBe("[ 1, 'two', 3 ]");
  });

  test("imports in its body, and compiles what types alone are not", async () => {
    const ran = await kernel.run(
      "%%parallel --force x of [1]\nimport { basename } from 'node:path'\nenum E { A = 3 }\nif (basename('/a/b') !== 'b' || E.A !== 3) throw new Error('no')\nnull.prop",
    );
    expect(ran.error?.traceback.join("\n")).toContain(`cell-${ran.number}.ts:5:6`);
  });

  test("takes an object literal for the last expression, and undefined where there is none", async () => {
    expect(await shown("%%parallel --force x of [1]\n{ x, y: x + 1 }")).toBe("[ { x: 1, y: 2 } ]");
    expect(await shown("%%parallel --force x of [1]\nconst z = x\n{ x, z, w: 1 }")).toBe(
      "[ { x: 1, z: 1, w: 1 } ]",
    );
    expect(await shown("%%parallel --force x of [1]\nconst y = x")).toBe("[ undefined ]");
    expect(await shown("%%parallel --force x of [1]")).toBe("[ undefined ]");
  });

  test.each([
    ["nothing", "[]", "[]"],
    ["a generator", "(function* () { yield 1; yield 2 })()", "[ 2, 3 ]"],
    ["an async generator", "(async function* () { yield 1; yield 2 })()", "[ 2, 3 ]"],
    ["a set", "new Set([4, 5])", "[ 5, 6 ]"],
    ["a typed array", "new Uint8Array([255, 1])", "[ 256, 2 ]"],
    ["keys", "Array(3).keys()", "[ 1, 2, 3 ]"],
  ])("runs over %s", async (_what, source, result) => {
    expect(await shown(`%%parallel x of ${source}\nx + 1`)).toBe(result);
    expect(await shown(`%%parallel --force x of ${source}\nx + 1`)).toBe(result);
  });

  test("runs over a typed array whose results are no numbers", async () => {
    expect(await shown("%%parallel --force x of new Float64Array([1, 2, 3])\nx === 2 ? 'two' : x")).toBe(
      "[ 1, 'two', 3 ]",
    );
    expect(await shown("%%parallel --force x of new BigInt64Array([1n, 2n])\nx * 2n")).toBe("[ 2n, 4n ]");
    expect(await shown("%%parallel --force x of new Int32Array([1, 2])\nawait null\nx + 0.5")).toBe(
      "[ 1.5, 2.5 ]",
    );
  });

  test("agrees with one thread on many items of any size", async () => {
    expect(
      await shown(
        "const many = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'n' + id }))\nconst inWorkers = await pmap(many, (row) => row.name + row.id * 2, { force: true })\nJSON.stringify(inWorkers) === JSON.stringify(many.map((row) => row.name + row.id * 2))",
      ),
    ).toBe("true");
    expect(
      await shown(
        "const numbers = new Float64Array(50_000).map((_, i) => i)\nconst roots = await pmap(numbers, (x) => Math.sqrt(x), { force: true })\nroots.length === 50_000 && roots.every((r, i) => r === Math.sqrt(i)) && Array.isArray(roots)",
      ),
    ).toBe("true");
  });
});

describe("where it runs", () => {
  test("cheap work stays in sequence and says so", async () => {
    const ran = await ok("%%parallel x of [1, 2, 3]\nrequire('node:worker_threads').isMainThread");
    expect(ran.result?.["text/plain"]).toBe("[ true, true, true ]");
    expect(displayed(ran)).toMatch(/3 items in sequence in .*slower.*--force/);
  });

  test("--force sends even that to workers", async () => {
    const ran = await ok("%%parallel --force x of [1, 2, 3]\nrequire('node:worker_threads').isMainThread");
    expect(ran.result?.["text/plain"]).toBe("[ false, false, false ]");
    expect(displayed(ran)).toContain("3 items on 2 workers");
  });

  test("work that is worth it goes to several workers by itself", async () => {
    const ran = await ok(
      "%%parallel -n 2 x of Array(40).keys()\nconst end = performance.now() + 10\nwhile (performance.now() < end);\nrequire('node:worker_threads').threadId",
    );
    expect(displayed(ran)).toContain("40 items on 2 workers");
    expect(await shown("new Set(_.slice(-20)).size")).toBe("2");
  });

  test("a nested run goes on in its worker", async () => {
    expect(await shown("%%parallel --force x of [1, 2]\nawait pmap([1, 2], (y) => x * y)")).toBe(
      "[ [ 1, 2 ], [ 2, 4 ] ]",
    );
  });

  test("two runs at once both come to their end", async () => {
    expect(
      await shown(
        "JSON.stringify(await Promise.all([pmap([1, 2], (x) => x, { force: true }), pmap([3, 4], (x) => x, { force: true })]))",
      ),
    ).toBe("'[[1,2],[3,4]]'");
  });
});

describe("output", () => {
  test("of workers arrives while they run, in the cell that launched them", async () => {
    const { ran, done } = kernel.start(
      "%%parallel --force x of [1]\nconsole.log('first', x)\nconst end = Date.now() + 1500\nwhile (Date.now() < end);\nconsole.error('last')",
    );
    let over = false;
    void done.then(() => {
      over = true;
    });
    await until(() => ran.stdout.includes("first 1\n"));
    expect(over).toBe(false);
    await done;
    expect(ran.stderr).toBe("[worker 1] last\n");
  });

  test("is complete", async () => {
    const ran = await ok(
      "%%parallel --force x of Array(500).keys()\nconsole.log('line', x)\nprocess.stdout.write('raw\\n')",
    );
    expect(ran.stdout.split("\n").filter((line) => /^\[worker \d\] line \d+$/.test(line)).length).toBe(500);
    expect(ran.stdout.split("\n").filter((line) => /^\[worker \d\] raw$/.test(line)).length).toBe(500);
  });

  test("display works in workers", async () => {
    const ran = await ok("%%parallel --force x of [7]\ndisplay({ x })");
    expect(displayed(ran)).toContain("x: 7");
  });

  test("a long run shows how far it is, and replaces that", async () => {
    const ran = await ok(
      "%%parallel --force x of Array(50).fill(1)\nconst end = Date.now() + 80\nwhile (Date.now() < end);\nx",
    );
    const progress = ran.displays.filter(({ id }) => id !== undefined);
    expect(progress).toHaveLength(1);
    expect(progress[0]?.data["text/plain"]).toMatch(/^50 of 50 items · .*\/s · .* s · 2 workers$/);
    expect(progress[0]?.data["text/html"]).toContain('<progress value="50" max="50">');
    expect(ran.order.filter((entry) => entry === "update").length).toBeGreaterThan(0);
  });
});

describe("errors", () => {
  test.each(["", "--force "])("are the item's own, with its index and the cell's line %s", async (option) => {
    const ran = await kernel.run(
      `%%parallel ${option}x of [1, 2, 3]\nif (x === 2)\n    throw new RangeError('two is bad')\nx`,
    );
    expect(ran.error?.ename).toBe("RangeError");
    expect(ran.error?.evalue).toBe("two is bad");
    const traceback = ran.error?.traceback.join("\n") ?? "";
    expect(traceback).toContain(`cell-${ran.number}.ts:3:11`);
    expect(traceback).toContain("itemIndex: 1");
    expect(traceback).not.toMatch(/worker\.cjs|parts\.cjs/);
    expect(ran.stderr).toMatch(option ? /Item 1 failed on worker \d\./ : /Item 1 failed\./);
  });

  test("keep class, fields and cause of an error class of the notebook", async () => {
    await ok(
      "class RowError extends Error { constructor(readonly row: number, cause: Error) { super('row ' + row, { cause }); this.name = 'RowError' } }",
    );
    await ok(
      "let caught: any; try { await pmap([4], (x) => { throw new RowError(x, new TypeError('inner')) }, { force: true }) } catch (e) { caught = e }",
    );
    expect(
      await shown(
        "[caught instanceof RowError, caught.row, caught.name, caught.cause instanceof TypeError, caught.itemIndex]",
      ),
    ).toBe("[ true, 4, 'RowError', true, 0 ]");
  });

  test("in a function of another cell name that cell", async () => {
    const declared = await ok("\n\nfunction deep(n: number): number {\n  return n > 1 ? missingName : n\n}");
    const ran = await kernel.run("%%parallel --force x of [1, 2]\n\n  deep(x)");
    const traceback = ran.error?.traceback.join("\n") ?? "";
    expect(traceback).toContain(`cell-${declared.number}.ts:4:18`);
    expect(traceback).toContain(`cell-${ran.number}.ts:3:3`);
  });

  test("a thrown value that is no error is thrown as it is", async () => {
    await ok(
      "let value: unknown; try { await pmap([1], () => { throw 'text' }, { force: true }) } catch (e) { value = e }",
    );
    expect(await shown("value")).toBe("'text'");
  });

  test("the first one stops the run, and what was done is kept", async () => {
    const ran = await kernel.run(
      "%%parallel --force --chunk 1 x of Array.from(Array(10_000).keys())\nif (x === 500) throw new Error('stop')\nx",
    );
    expect(ran.stderr).toMatch(
      /Item 500 failed on worker \d\. [\d,]+ of 10,000 items were done; their results are in _/,
    );
    expect(await shown("[_[10], Object.keys(_).length < 10_000]")).toBe("[ 10, true ]");
  });

  test.each(["", "--force "])(
    "--keep-going %sleaves their places empty and tells of them",
    async (option) => {
      const ran = await ok(
        `%%parallel --keep-going ${option}--out kept x of [1, 2, 3, 4]\nif (x % 2 === 0) throw new Error('even ' + x)\nx`,
      );
      expect(ran.stderr).toMatch(
        /2 of 4 items failed; their places in the result are empty:\n {2}item 1: Error: even 2 \(cell-\d+\.ts:2\)(?: on worker \d)?\n {2}item 3:/,
      );
      expect(
        await shown("[1 in kept, 2 in kept, kept.failures.length, kept.failures[0].error.message]"),
      ).toBe("[ false, true, 2, 'even 2' ]");
    },
  );

  test("a source that fails fails the run", async () => {
    const ran = await kernel.run(
      "%%parallel --force x of (function* () { yield 1; throw new Error('no more') })()\nx",
    );
    expect(ran.error?.evalue).toBe("no more");
    expect(await shown("%%parallel --force x of [1]\nx")).toBe("[ 1 ]");
  });

  test("a module that only fails in workers fails the run", async () => {
    const ran = await kernel.run("%%parallel --force x of [1]\nawait import('./is-not-there.js')");
    expect(ran.error?.evalue).toContain("is-not-there");
  });

  test.each([
    ["%%parallel\nx", "does not say what it runs over"],
    ["%%parallel x in rows\nx", "`in` goes over the keys"],
    ["%%parallel x of\nx", "There is nothing after `of`"],
    ["%%parallel x of [1,\nx", "does not parse"],
    ["%%parallel x of 5\nx", "given a number to run over"],
    ["%%parallel x of { a: 1 }\nx", "given an object to run over"],
    ["%%parallel -n 0 x of [1]\nx", "The option n of the parallel run cannot be 0."],
    ["%%parallel --timeout soon x of [1]\nx", "a time such as 30s"],
    ["%%parallel --out 1a x of [1]\nx", "cannot declare its result as 1a"],
    ["await pmap([1], 5)", "a value of type number for its function"],
    ["await pmap([1], (x) => x, { threads: 2 })", "The option threads"],
  ])("%j says what is wrong", async (cell, message) => {
    const ran = await kernel.run(cell);
    expect(ran.status).toBe("error");
    expect(ran.error?.evalue).toContain(message);
  });

  test("a body that does not parse names its line", async () => {
    const ran = await kernel.run("%%parallel x of [1]\nconst a = 1\nconst b = = 2");
    expect(ran.error?.ename).toBe("SyntaxError");
    expect(ran.error?.traceback.join("\n")).toContain(`cell-${ran.number}.ts:3:11`);
  });
});
