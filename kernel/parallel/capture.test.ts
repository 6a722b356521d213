import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestKernel } from "../../test/kernel.ts";

// One kernel for the file: its workers run already, and each test declares names of its own.
let kernel: TestKernel;
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-capture-")));
  mkdirSync(join(folder, "node_modules", "shapes"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "shapes", "index.js"), "exports.area = (r) => r * r * 3;");
  writeFileSync(
    join(folder, "local.ts"),
    "export const twice = (n: number): number => n * 2;\nexport default 7;\n",
  );
  kernel = new TestKernel(folder);
});

afterAll(async () => {
  await kernel.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs cells that must succeed; gives the last one's value as shown. */
async function shown(...cells: string[]): Promise<string> {
  let text = "";
  for (const cell of cells) {
    const ran = await kernel.run(cell);
    expect(ran.error?.traceback.join("\n") ?? "", cell).toBe("");
    text = ran.result?.["text/plain"] as string;
  }
  return text;
}

/** The same expression in workers and in the main thread: both as JSON. */
async function both(declarations: string, expression: string): Promise<[workers: string, main: string]> {
  const workers = await shown(
    declarations,
    `%%parallel --force --out fromWorkers item of [1, 2, 3]\n${expression}`,
    "JSON.stringify(fromWorkers)",
  );
  const main = await shown(`JSON.stringify([1, 2, 3].map((item) => ${expression}))`);
  return [workers, main];
}

describe("what a parallel cell uses means the same in a worker", () => {
  test.each<[kind: string, declarations: string, expression: string]>([
    ["a number", "const kNumber = 3", "item * kNumber"],
    ["a function", "const kFactor = 2; function fScale(n: number) { return n * kFactor }", "fScale(item)"],
    ["an arrow function", "const fArrow = (n: number) => n + 1", "fArrow(item)"],
    ["an async function", "const fAsyncLength = (async () => 1).constructor.name", "fAsyncLength"],
    [
      "mutual recursion",
      "function isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }\nfunction isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }",
      "[isEven(item), isOdd(item)]",
    ],
    [
      "a class with private fields, statics and super",
      "class Base { #secret = 1; static made = 0; constructor(readonly x: number) {} norm() { return Math.abs(this.x) + this.#secret } }\nclass Point extends Base { static origin = 'here'; norm() { return super.norm() * 2 } }",
      "[new Point(item).norm(), Point.origin, Point.name, new Point(1) instanceof Base]",
    ],
    ["a static field as it is now", "class Counted { static n = 1 }\nCounted.n = 9", "Counted.n + item"],
    ["an enum", "enum Mode { A, B = 5 }", "Mode.B + item"],
    ["an enum in reverse", "enum Way { A, B = 5 }", "Way[5]"],
    ["an object", "const limits = { lo: 1, hi: { deep: [1, 2] } }", "limits.hi.deep[1] + item"],
    ["a map", "const memo = new Map([[1, 41]])", "memo.get(1) + item"],
    ["a set", "const chosen = new Set([1, 3])", "chosen.has(item)"],
    ["a date", "const when = new Date(7)", "when.getTime() + item"],
    ["a regular expression", "const pattern = /n(\\d)/", "Number(pattern.exec('n' + item)![1])"],
    ["a bigint", "const huge = 2n ** 70n", "String(huge + BigInt(item))"],
    ["a small typed array", "const weights = new Float32Array([0.5, 1.5])", "weights[1] * item"],
    [
      "a large typed array",
      "const large = new Float64Array(200_000).fill(2)",
      "large[199_999] + large.length + item",
    ],
    ["a buffer", "const bytes = Buffer.from('hello')", "bytes.toString('base64') + item"],
    ["shared memory", "const sharedMemory = new SharedArrayBuffer(8)", "sharedMemory.byteLength"],
    [
      "shared memory in an object",
      "const withShared = { memory: new SharedArrayBuffer(8), f: () => 1 }",
      "withShared.memory.byteLength",
    ],
    ["a cycle", "const ring: any = { n: 1 }; ring.self = ring", "ring.self.self.n + item"],
    [
      "undefined and null",
      "const nothing1 = undefined; const nothing2 = null",
      "[nothing1 === undefined, nothing2]",
    ],
    [
      "special numbers",
      "const odd = [NaN, -0, Infinity]; const minus = -0",
      "[String(odd), Object.is(odd[1], -0), Object.is(minus, -0)]",
    ],
    [
      "a closure of a factory",
      "const makeAdder = (n: number) => (x: number) => x + n; const add5 = makeAdder(5)",
      "add5(item)",
    ],
    [
      "closures of two levels",
      "const three = (a: number) => (b: number) => (c: number) => [a, b, c]; const oneTwo = three(1)(2)",
      "oneTwo(item)",
    ],
    [
      "closures that share a variable",
      "const makeCounter = () => { let c = 100; return { inc: () => ++c, get: () => c } }; const counter = makeCounter(); counter.inc()",
      "counter.inc() - counter.get()",
    ],
    [
      "two closures of one factory",
      "const makeScale = (k: number) => ({ k, apply: (x: number) => x * k }); const byTwo = makeScale(2), byTen = makeScale(10)",
      "[byTwo.apply(item), byTen.apply(item)]",
    ],
    [
      "mutual recursion inside a factory",
      "const makeParity = () => { const even = (n: number): boolean => n === 0 || odd(n - 1); const odd = (n: number): boolean => n !== 0 && even(n - 1); return even }; const parity = makeParity()",
      "parity(item)",
    ],
    [
      "a class of a factory, and its base class",
      "const makeClass = (k: number) => { class A { v = k } class B extends A { w = this.v + 1 } return B }; const Made = makeClass(4)",
      "new Made().w + item",
    ],
    [
      "a variable of a block",
      "let fromBlock: (n: number) => number; { const inner = 8; fromBlock = (n) => n + inner }",
      "fromBlock(item)",
    ],
    [
      "an object with methods",
      "const tools = { k: 2, scale(n: number) { return n * this.k }, get double() { return this.k * 2 } , fns: [(n: number) => n + 1] }",
      "[tools.scale(item), tools.fns[0](item)]",
    ],
    [
      "a generator function",
      "function* upTo(n: number) { for (let i = 0; i < n; i++) yield i }",
      "[...upTo(item)]",
    ],
    [
      "a function's own properties",
      "const cached = Object.assign((n: number) => n, { cache: new Map([[1, 'one']]) })",
      "cached.cache.get(item) ?? null",
    ],
    [
      "a native function under another name",
      "const isArr = Array.isArray; const slice = Array.prototype.slice",
      "[isArr([]), slice.call([1, 2, 3], item)]",
    ],
    ["a bound function", "const half = Math.pow.bind(null, 2)", "half(item)"],
    [
      "a bound function of the user's",
      "function join3(this: { sep: string }, a: number, b: number) { return a + this.sep + b }\nconst joined = join3.bind({ sep: '-' }, 1)",
      "joined(item)",
    ],
    ["a symbol of the language", "const iter = Symbol.iterator", "typeof [][iter]"],
    ["a name that shadows a global", "const performance = { now: () => 42 }", "performance.now()"],
    ["a name that is declared nowhere", "1", "typeof neverDeclared"],
    [
      "parameters of the same name",
      "const item = 'outer'; const shadow = 1",
      "(() => { const shadow = 2; return shadow + item })()",
    ],
    ["an arrow function that awaits", "const later = async (n: number) => n", "typeof later(item).then"],
  ])("%s", async (_kind, declarations, expression) => {
    const [workers, main] = await both(declarations, expression);
    expect(workers).toBe(main);
  });

  test("imports of built-in modules, of packages and of local files", async () => {
    const [workers, main] = await both(
      "import * as path from 'node:path'\nimport { basename as base } from 'node:path'\nimport os from 'node:os'\nimport { area } from 'shapes'\nimport seven, { twice } from './local.ts'\nconst { join: joinPaths } = path",
      "[path.join('a', String(item)), base('/x/' + item), typeof os.cpus, area(item), twice(item) + seven, joinPaths('b', 'c')]",
    );
    expect(workers).toBe(main);
    expect(workers).toContain("a/1");
  });

  test("a module that was imported dynamically, and one that was required", async () => {
    const [workers, main] = await both(
      "const fsModule = await import('node:fs')\nconst urlModule = require('node:url')",
      "[typeof fsModule.readFileSync, new urlModule.URL('http://x/' + item).pathname]",
    );
    expect(workers).toBe(main);
  });

  test("import() and require inside the body", async () => {
    expect(
      await shown(
        "%%parallel --force item of [1, 2]\nconst { twice } = await import('./local.ts')\ntwice(item) + require('node:path').sep.length",
      ),
    ).toBe("[ 3, 5 ]");
  });

  test("a function changed in a later cell", async () => {
    expect(
      await shown("function version() { return 'old' }", "%%parallel --force item of [1]\nversion()"),
    ).toBe("[ 'old' ]");
    expect(
      await shown("function version() { return 'new' }", "%%parallel --force item of [1]\nversion()"),
    ).toBe("[ 'new' ]");
  });

  test("a base class changed in a later cell, when the class below it is declared again", async () => {
    expect(
      await shown(
        "class Animal { says() { return 'a' } }",
        "class Dog extends Animal {}",
        "%%parallel --force item of [1, 2]\nnew Dog().says()",
        "class Animal { says() { return 'b' } }",
        "class Dog extends Animal {}",
        "%%parallel --force item of [1, 2]\nnew Dog().says()",
      ),
    ).toBe("[ 'b', 'b' ]");
  });

  test("data changed in place, and a large typed array changed in place", async () => {
    const cell = "%%parallel --force item of [1]\n[growing.length, changing[0]]";
    expect(await shown("const growing = [1]; const changing = new Float64Array(300_000)", cell)).toBe(
      "[ [ 1, 0 ] ]",
    );
    expect(await shown("growing.push(2); changing[0] = 5", cell)).toBe("[ [ 2, 5 ] ]");
  });

  test("a name that was an import and is now declared by the notebook, and back", async () => {
    const cell = "%%parallel --force x of ['/a/b']\nlastPart(x)";
    expect(await shown("import { basename as lastPart } from 'node:path'", cell)).toBe("[ 'b' ]");
    expect(await shown("const lastPart = (s: string) => 'mine ' + s", cell)).toBe("[ 'mine /a/b' ]");
    expect(await shown("import { dirname as lastPart } from 'node:path'", cell)).toBe("[ '/a' ]");
  });

  test("a local module that was edited, once its import has run again", async () => {
    writeFileSync(join(folder, "edited.ts"), "export const word = () => 'before';\n");
    const cells = ["import { word } from './edited.ts'", "%%parallel --force x of [1]\nword()"];
    expect(await shown(...cells)).toBe("[ 'before' ]");
    writeFileSync(join(folder, "edited.ts"), "export const word = () => 'and after';\n");
    expect(await shown(...cells)).toBe("[ 'and after' ]");
  });

  test("a change in place is warned of where the body makes it, not in a cache behind a function", async () => {
    await shown(
      "const seenRows: number[] = []; const squares = new Map<number, number>()\nfunction square(n: number) { if (!squares.has(n)) squares.set(n, n * n); return squares.get(n)! }\nconst sharedSum = new Float64Array(new SharedArrayBuffer(8)); const targets = new Float64Array(3)",
    );
    const ran = await kernel.run(
      "%%parallel --force x of [1, 2]\nseenRows.push(x)\ntargets[x] = 1\nsharedSum[0] = x\nsquare(x)",
    );
    expect(ran.result?.["text/plain"]).toBe("[ 1, 4 ]");
    expect(ran.stderr).toMatch(/^seenRows is changed by push \(cell-\d+\.ts:2\): each worker changes a copy/);
    expect(ran.stderr).toMatch(/targets is written to \(cell-\d+\.ts:3\)/);
    expect(ran.stderr).not.toMatch(/squares|sharedSum/);
    expect(await shown("sharedSum[0] > 0")).toBe("true");
  });

  test("surroundings of a function given to pmap from inside another function", async () => {
    expect(
      await shown(
        "const outerFactor = 10\nasync function scaled(k: number) { const own = [k]; return pmap([1, 2], (x: number) => x * own[0] * outerFactor, { force: true }) }",
        "[await scaled(1), await scaled(2)]",
      ),
    ).toBe("[ [ 10, 20 ], [ 20, 40 ] ]");
  });
});

describe("what cannot go to a worker is named, all of it, before anything runs", () => {
  async function failure(declarations: string, cell: string): Promise<string> {
    await shown(declarations);
    const ran = await kernel.run(cell);
    expect(ran.status).toBe("error");
    return ran.error?.evalue ?? "";
  }

  test("instances, promises, generators, proxies and symbols, with the way to them", async () => {
    const message = await failure(
      "class Connection { open = true }\nconst conn = new Connection(); function fetchRow(n: number) { return conn.open ? n : 0 }\nconst pending = Promise.resolve(1); const gen = (function* () { yield 1 })(); const proxied = new Proxy({}, {}); const own = Symbol('own'); const settings = { db: { link: conn } }",
      "%%parallel x of [1, 2]\nconsole.log('ran')\nfetchRow(x); pending; gen; proxied; own; settings.db",
    );
    expect(message).toContain("6 variables");
    expect(message).toMatch(
      /conn \(cell-\d+\.ts:2\) is an instance of Connection; the parallel code reaches it through fetchRow → conn\./,
    );
    expect(message).toMatch(/pending \(cell-\d+\.ts:3\) is a promise\. Await it first/);
    expect(message).toMatch(/gen \(cell-\d+\.ts:3\) is a generator\. Take its items first/);
    expect(message).toMatch(/proxied \(cell-\d+\.ts:3\) is a Proxy\./);
    expect(message).toMatch(/own \(cell-\d+\.ts:3\) is a symbol\./);
    expect(message).toMatch(/settings\.db\.link \(cell-\d+\.ts:3\) is an instance of Connection\./);
  });

  test("assignments, in the body and in functions, with their places", async () => {
    const message = await failure(
      "let total = 0; let calls = 0\nfunction countCall() {\n  calls++\n}",
      "%%parallel x of [1, 2]\ncountCall()\ntotal += x",
    );
    expect(message).toMatch(/total \(cell-\d+\.ts:3\) is assigned to/);
    expect(message).toMatch(/calls \(cell-\d+\.ts:3\) is assigned to.*through countCall → calls/);
    expect(message).toContain("Return the value from the body");
    expect(await shown("[total, calls]")).toBe("[ 0, 0 ]");
  });

  test("an assignment to a variable around a function given to pmap", async () => {
    const message = await failure(
      "1",
      "await (async () => { let sum = 0; await pmap([1], (x) => { sum += x }); return sum })()",
    );
    expect(message).toContain("sum (");
    expect(message).toContain("is assigned to");
  });

  test("this, private members and handles", async () => {
    const message = await failure(
      "class Holder { #p = 1; method() { return this.#p } arrow = () => this }\nconst taken = new Holder().method; const arrowOf = new Holder().arrow; const timer = setTimeout(() => {}, 0)",
      "%%parallel x of [1]\ntaken; arrowOf; timer",
    );
    expect(message).toMatch(/taken \(cell-\d+\.ts:2\) uses private members of its class\./);
    expect(message).toMatch(/arrowOf \(cell-\d+\.ts:2\) uses `this` of the place where it was written\./);
    expect(message).toMatch(/timer \(cell-\d+\.ts:2\) is an instance of Timeout\./);
  });

  test("py", async () => {
    expect(await failure("1", "%%parallel x of [1]\npy.f(x)")).toContain(
      "py talks to the one Python interpreter",
    );
  });

  test("items and results that are no plain data", async () => {
    expect(await failure("class Item { n = 1 }", "%%parallel x of [new Item()]\n1")).toContain(
      "Item 0 cannot go to a worker: it is an instance of Item.",
    );
    expect(
      await failure("class Result { n = 1 }", "%%parallel --force x of [1, 2]\n({ deep: [new Result()] })"),
    ).toMatch(
      /The result of item [01] cannot go back from a worker: its part \.deep\[0\] is an instance of Result\./,
    );
    expect(await failure("1", "%%parallel --force x of [Promise.resolve(1)]\nx")).toContain(
      "it is a promise",
    );
    expect(await failure("1", "%%parallel --force x of [1]\nnew Proxy({}, {})")).toContain("a Proxy");
  });
});
