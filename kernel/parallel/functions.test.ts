import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ran, TestKernel } from "../../test/kernel.ts";

let kernel: TestKernel;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-parallel-"));
  kernel = new TestKernel(folder);
});
afterAll(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ok(cell: string): Promise<Ran> {
  const ran = await kernel.run(cell);
  expect(ran.error?.traceback.join("\n") ?? "", cell).toBe("");
  return ran;
}
const shown = async (cell: string) => (await ok(cell)).result?.["text/plain"];
const failed = async (cell: string) => (await kernel.run(cell)).error?.evalue ?? "";

describe("a set-up", () => {
  test("runs once in each worker, and its names are those of the items there", async () => {
    writeFileSync(join(folder, "greeting.mjs"), "export const hello = 'hello'");
    await ok("const factor = 10");
    const ran = await ok(
      "%%parallel -n 2 --out setUp each\nimport { hello } from './greeting.mjs'\nlet calls = 0\nconst table = new Map([[1, factor]])\nfunction look(n: number) { calls++; return table.get(n) ?? 0 }\nclass Row { constructor(readonly n: number) {} }\nrequire('node:worker_threads').threadId",
    );
    expect(ran.displays.map(({ data }) => data["text/plain"]).join()).toContain("Set up 2 workers");
    expect(await shown("new Set(setUp).size")).toBe("2");
    expect(
      await shown("%%parallel -n 2 x of [1, 2, 1]\n[look(x), hello, new Row(x).n, calls > 0].join()"),
    ).toBe("[ '10,hello,1,true', '0,hello,2,true', '10,hello,1,true' ]");
    // Each worker counts on its own; what an item writes is the set-up's variable.
    expect(await shown("%%parallel -n 1 --force x of [1, 2]\ncalls = x * 100\nlook(1)\ncalls")).toBe(
      "[ 101, 201 ]",
    );
  });

  test("is done by workers that start later, before their first item", async () => {
    await ok("%%parallel -n 2 each\nconst mine = 'set up'");
    const ran = await kernel.run(
      "%%parallel --force --keep-going --chunk 1 --out later x of [1, 2, 3, 4, 5, 6]\nif (x === 2) process.exit(1)\nmine",
    );
    expect(ran.stderr).toContain("1 of 6 items failed");
    expect(await shown("Object.values(later).filter((x) => x === 'set up').length")).toBe("5");
    expect(await shown("%%parallel -n 5 --chunk 1 x of [1, 2, 3, 4, 5, 6, 7, 8]\nmine")).not.toContain(
      "undefined",
    );
  });

  test("gives way to a name that the notebook declares later, and to a later set-up", async () => {
    await ok("%%parallel -n 2 each\nconst which = 'worker'");
    expect(await shown("%%parallel x of [1]\nwhich")).toBe("[ 'worker' ]");
    await ok("%%parallel -n 2 each\nconst which = 'later'");
    expect(await shown("%%parallel x of [1]\nwhich")).toBe("[ 'later' ]");
    await ok("const which = 'notebook'");
    expect(await shown("%%parallel --force x of [1]\nwhich")).toBe("[ 'notebook' ]");
    expect(await shown("%%parallel x of [1]\nwhich")).toBe("[ 'notebook' ]");
  });

  test("that fails tells its own error and is not kept", async () => {
    const ran = await kernel.run("%%parallel each\nconst gone = 1\nthrow new RangeError('no set-up')");
    expect(ran.error?.ename).toBe("RangeError");
    expect(ran.error?.traceback.join("\n")).toContain(`cell-${ran.number}.ts:3`);
    expect(await failed("%%parallel --force x of [1]\ngone")).toContain("gone is not defined");
  });
});

describe("reducing", () => {
  test("combines results in the order of the items, wherever they were made", async () => {
    const words = "Array.from({ length: 3000 }, (_, i) => i)";
    for (const option of ["", "--force "]) {
      await ok(
        `%%parallel ${option}--reduce "(a: string, b: string) => a + b" --out text x of ${words}\nString(x % 10)`,
      );
      expect(await shown("text === '0123456789'.repeat(300)")).toBe("true");
    }
    await ok("const add = (a: number, b: number) => a + b");
    expect(await shown("%%parallel --force --reduce add x of new Float64Array(100_000).fill(2)\nx * 3")).toBe(
      "600000",
    );
    expect(await shown("%%parallel --force --reduce Math.max x of [3, 9, 4]\nawait Promise.resolve(x)")).toBe(
      "9",
    );
    expect(await shown("await preduce([1, 2, 3], async (x) => x * 2, add, { force: true })")).toBe("12");
  });

  test("leaves out failed items under --keep-going, and survives workers that end", async () => {
    const ran = await kernel.run(
      "%%parallel --force --keep-going --reduce add --out sum x of Array.from(Array(1000).keys())\nif (x === 500) process.exit(1)\nif (x === 600) throw new Error('no')\nx",
    );
    expect(ran.stderr).toContain("2 of 1,000 items failed");
    expect(await shown("sum")).toBe(String(499_500 - 1100));
    await kernel.run(
      "%%parallel --force --keep-going --reduce add --out sum x of Float64Array.from(Array(5000).keys())\nif (x === 500) process.exit(1)\nx",
    );
    expect(await shown("sum")).toBe(String((4999 * 5000) / 2 - 500));
  });

  test("says where there is nothing, and what is no function", async () => {
    expect(await failed("%%parallel --reduce add x of []\nx")).toContain("no result to reduce");
    expect(await failed('%%parallel --reduce "a +" x of [1]\nx')).toContain(
      "is not a function to reduce with",
    );
    expect(await failed("%%parallel --reduce 5 x of [1]\nx")).toContain("a value of type number");
    expect(await failed("%%parallel --reduce add --as-completed x of [1]\nx")).toContain(
      "do not go together",
    );
    expect(await failed("await preduce([1], (x) => x, 5)")).toContain(
      "preduce was given a value of type number",
    );
    expect(
      await failed("%%parallel --force --reduce \"(a, b) => { throw new Error('no sum') }\" x of [1, 2]\nx"),
    ).toContain("no sum");
  });
});

describe("results as they come", () => {
  test("are given with their indices, the run ending with the loop", async () => {
    await ok(
      "%%parallel --force --as-completed --out each x of [30, 1, 20]\nawait new Promise((r) => setTimeout(r, x))\nx",
    );
    expect(
      await shown(
        "const got: [number, number][] = []; for await (const { index, value } of each) got.push([index, value]); got.sort().join(' ')",
      ),
    ).toBe("'0,30 1,1 2,20'");
    expect(
      await shown(
        "let first; for await (const { value } of pmap((function* () { for (let i = 0; ; i++) yield i })(), (x) => x, { asCompleted: true, force: true })) { first = value; break }\nfirst >= 0",
      ),
    ).toBe("true");
    expect(await shown("%%parallel --force x of [1]\nx")).toBe("[ 1 ]");
  });

  test.each(["", "force: true"])("hold the source up while nobody takes them %s", async (option) => {
    expect(
      await shown(
        `let taken = 0, ahead = 0, seen = 0
         const numbers = (function* () { for (; taken < 50_000;) yield taken++ })()
         for await (const { value } of pmap(numbers, (x) => x, { asCompleted: true, ${option} })) {
           ahead = Math.max(ahead, taken - ++seen)
           if (seen % 5000 === 0) await new Promise((r) => setTimeout(r, 5))
         }
         [seen, ahead < 12_000].join()`,
      ),
    ).toBe("'50000,true'");
  });

  test("throw an item's error, or give it under keepGoing", async () => {
    expect(
      await failed(
        "for await (const _ of pmap([1], () => { throw new Error('own') }, { asCompleted: true }));",
      ),
    ).toBe("own");
    expect(
      await shown(
        "let caught: unknown; for await (const one of pmap([1], () => { throw new Error('given') }, { asCompleted: true, keepGoing: true })) caught = one\nString(caught.error)",
      ),
    ).toBe("'Error: given'");
  });
});

describe("functions", () => {
  test("pfor keeps no results, and pgroup groups the items themselves", async () => {
    await ok("const hits = new Int32Array(new SharedArrayBuffer(4))");
    expect(
      await shown(
        "[await pfor(Array(1000).keys(), (x) => { Atomics.add(hits, 0, x) }, { force: true }), hits[0]].join()",
      ),
    ).toBe("',499500'");
    expect(
      await shown(
        "const rows = [{ k: 'a', v: 1 }, { k: 'b', v: 2 }, { k: 'a', v: 3 }]; const g = await pgroup(rows, (r) => r.k, { force: true }); [[...g.keys()].join(), g.get('a')![1] === rows[2]].join(' ')",
      ),
    ).toBe("'a,b true'");
    expect(
      await shown(
        "const odd = await pgroup((async function* () { yield* [1, 2, 3] })(), (x) => x % 2 === 1); JSON.stringify([...odd])",
      ),
    ).toBe("'[[true,[1,3]],[false,[2]]]'");
    expect(await failed("await pfor([1], 'no')")).toContain("pfor was given a value of type string");
  });

  test("inside a parallel run go on in their worker", async () => {
    expect(
      await shown(
        "%%parallel --force x of [2]\nconst sum = await preduce([1, 2], (y) => x * y, (a: number, b: number) => a + b)\nlet n = 0\nawait pfor([1, 2], (y) => { n += y })\nconst g = await pgroup([1, 2, 3], (y) => y % 2);\n[sum, n, g.get(1)!.length].join()",
      ),
    ).toBe("[ '6,3,2' ]");
  });

  test("inside a source, or a loop over results, get the pool in between", async () => {
    expect(
      await shown(
        "const nested = (async function* () { yield* await pmap([1, 2], (x) => x * 10, { force: true }); yield* await pmap([3], (x) => x * 10, { force: true }) })();\n(await pmap(nested, (x) => x + 1, { force: true })).join()",
      ),
    ).toBe("'11,21,31'");
    expect(
      await shown(
        "const sums: number[] = []; for await (const { value } of pmap([1, 2, 3], (x) => x, { asCompleted: true, force: true })) sums.push(...await pmap([value], (y) => y * 2, { force: true })); sums.sort().join()",
      ),
    ).toBe("'2,4,6'");
  });
});

describe("memory", () => {
  test("--share puts an array into shared memory for good: workers write what the notebook reads", async () => {
    await ok("let field = new Float64Array(1000)");
    const ran = await ok("%%parallel --force --share field i of Array(1000).keys()\nfield[i] = i");
    expect(ran.stderr).toBe("");
    expect(await shown("[field.buffer instanceof SharedArrayBuffer, field[999]].join()")).toBe("'true,999'");
    await ok("const list = [1]");
    expect(await failed("%%parallel --share list x of [1]\nx")).toContain(
      "cannot put list into shared memory",
    );
    expect(await failed("%%parallel --share nowhere x of [1]\nx")).toContain("is not declared");
  });

  test("--move gives buffers away, both ways", async () => {
    await ok("const blocks = [new Float64Array([1, 2]), new Float64Array([3])]");
    expect(
      await shown("%%parallel --move --out doubled block of blocks\nblock.map((x) => 2 * x)"),
    ).toBeUndefined();
    expect(await shown("[doubled.join(' '), blocks[0]!.length].join()")).toBe("'2,4 6,0'");
    const lost = await failed(
      "%%parallel --move --force x of [new Float64Array(1), new Float64Array(2)]\nif (x.length === 2) process.exit(1)\nx",
    );
    expect(lost).toMatch(/is lost: its worker ended|process\.exit\(1\)/);
  });

  test("an endless generator's items are not kept", async () => {
    // 10 million in `npm run bench -- parallel`; enough here to show that nothing grows with them.
    expect(
      await shown(
        `function* numbers() { for (let i = 0; i < 400_000; i++) yield { i, text: 'item ' + i } }
         let most = 0
         const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().heapUsed) }, 10)
         const before = process.memoryUsage().heapUsed
         const total = await preduce(numbers(), ({ i }) => i, (a: number, b: number) => a + b, { force: true })
         clearInterval(watch);
         // All of them would take more than 40 MB.
         [total, (most - before) / 1e6 < 120].join()`,
      ),
    ).toBe(`'${(399_999 * 400_000) / 2},true'`);
  });
});

test("what is declared again reaches workers with the next run", async () => {
  await ok(
    "let rate = 1\nfunction scale(x: number) { return x * rate }\nclass Tax { static of(x: number) { return scale(x) } }",
  );
  const cell = "%%parallel --force x of [1, 2]\nTax.of(x)";
  expect(await shown(cell)).toBe("[ 1, 2 ]");
  await ok("rate = 5");
  expect(await shown(cell)).toBe("[ 5, 10 ]");
  await ok("function scale(x: number) { return x + 0.5 }");
  expect(await shown(cell)).toBe("[ 1.5, 2.5 ]");
});

test("a flood of output is shown in part, and says so", async () => {
  const { ran, done } = kernel.start(
    "%%parallel -n 1 --force x of [1]\nfor (let i = 0; i < 60_000; i++) console.log('line', i)",
  );
  await done;
  await setTimeout(50);
  const lines = ran.stdout.split("\n").length;
  expect(lines).toBeGreaterThan(9_000);
  expect(lines).toBeLessThan(60_000);
  expect(ran.stderr).toMatch(/Not shown, as there were more than 2,000 a second: lines, [\d,]+ of worker \d/);
});

describe("--trace", () => {
  test("shows what each worker did, and saves it beside the notebook", async () => {
    const body = "const end = performance.now() + 4\nwhile (performance.now() < end);\nx";
    const ran = await ok(`%%parallel -n 2 --force --trace x of Array.from(Array(40).keys())\n${body}`);
    const chart = ran.displays.find(({ data }) => "image/svg+xml" in data)?.data;
    expect(chart?.["text/plain"]).toMatch(/2 workers worked \d+ % of/);
    const spec = chart?.["application/vnd.tandem.chart+json"] as {
      lanes: { name: string; spans: { kind: string; label?: string }[] }[];
    };
    expect(spec.lanes.map(({ name }) => name)).toEqual(["worker 1", "worker 2"]);
    const work = spec.lanes.flatMap(({ spans }) => spans.filter(({ kind }) => kind === "work"));
    expect(work.some(({ label }) => label?.startsWith("item"))).toBe(true);
    const saved = JSON.parse(readFileSync(join(folder, `parallel-${ran.number}.trace.json`), "utf8"));
    expect(saved.traceEvents.filter(({ cat }: { cat?: string }) => cat === "work").length).toBe(
      new Set(
        saved.traceEvents
          .filter(({ cat }: { cat?: string }) => cat === "work")
          .map(({ args }: { args: { lo: number } }) => args.lo),
      ).size,
    );
  });

  test("from three numbers of workers up fits Amdahl's law, of typed arrays too", async () => {
    const cell = (n: number) =>
      `%%parallel -n ${n} --force --trace x of new Float64Array(60)\nconst end = performance.now() + 3\nwhile (performance.now() < end);\nx`;
    await ok(cell(1));
    await ok(cell(2));
    const { displays } = await ok(cell(3));
    const titles = displays.map(({ data }) => String(data["text/plain"]));
    expect(titles.some((text) => /Amdahl's law fits with .* % of the work parallel/.test(text))).toBe(true);
  });

  test("tells of a run in the main thread too", async () => {
    const { displays } = await ok("%%parallel --trace x of [1, 2]\nx");
    expect(displays.some(({ data }) => String(data["text/plain"]).includes("main thread"))).toBe(true);
  });
});
