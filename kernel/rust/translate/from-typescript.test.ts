import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../../test/rust-kernel.ts";
import { type RustCell, rustFromTypeScript } from "./from-typescript.ts";

function translated(source: string, name: string): RustCell {
  const cell = rustFromTypeScript(source, name);
  if (!cell) throw new Error(`There is no ${name}.`);
  return cell;
}

/** The head of the translated function. */
const head = (source: string, name: string): string =>
  /^pub fn .*(?= \{$)/m.exec(translated(source, name).text)?.[0] ?? "";

describe("the signature of a function in Rust", () => {
  it.each([
    [
      "number, text, boolean, bigint",
      "function f(a: number, b: string, c: boolean, d: bigint): string {}",
      "pub fn f(a: f64, b: &str, c: bool, d: i64) -> String",
    ],
    [
      "arrays",
      "function f(a: number[], b: Float64Array, c: Array<string>, d: boolean[][]): Int32Array {}",
      "pub fn f(a: Vec<f64>, b: &[f64], c: Vec<String>, d: Vec<Vec<bool>>) -> Vec<i32>",
    ],
    ["an array that is written into", "function f(a: Float64Array) { a[0] = 1 }", "pub fn f(a: &mut [f64])"],
    [
      "what may be missing",
      "function f(a: number | null, b?: string, c = 3): number | undefined {}",
      "pub fn f(a: Option<f64>, b: Option<String>, c: Option<f64>) -> Option<f64>",
    ],
    [
      "tuples and maps",
      "const f = (a: [number, string], b: Map<string, number>, c: Record<string, boolean>): void => {}",
      "pub fn f(a: (f64, String), b: std::collections::HashMap<String, f64>, c: std::collections::HashMap<String, bool>)",
    ],
    [
      "an end of a count, and an index",
      "function f(n: number, at: number, x: number) { for (let i = 0; i < n; i++) g(xs[at + i], x) }",
      "pub fn f(n: i64, at: i64, x: f64)",
    ],
    [
      "a sum stays what JavaScript makes it",
      "function f(n: number): number { return n < 2 ? n : f(n - 1) + f(n - 2) }",
      "pub fn f(n: f64) -> f64",
    ],
    [
      "reserved words",
      "function f(type: number, self: number): number { return type + self }",
      "pub fn f(r#type: f64, self_: f64) -> f64",
    ],
    [
      "comments and defaults among the types",
      "function f(/* one */ a: /* two */ number /* three */, b: number /* , */): /* four */ number { return a }",
      "pub fn f(a: f64, b: f64) -> f64",
    ],
    [
      "a union of literals",
      "const f = function (a: 'x' | 'y', b: 1 | 2): boolean { return b > 1 }",
      "pub fn f(a: &str, b: f64) -> bool",
    ],
  ])("%s", (_, source, wanted) => {
    expect(head(source, "f")).toBe(wanted);
  });

  it("makes structs of interfaces, aliases and objects without a name", () => {
    const { text } = translated(
      "interface Point { x: number; readonly y: number; label?: string }\ntype Line = { from: Point; to: Point };\nfunction f(line: Line, o: { wide: boolean }): Point | null { return null }",
      "f",
    );
    expect(text).toContain(
      "pub struct Point {\n    pub x: f64,\n    pub y: f64,\n    pub label: Option<String>,\n}",
    );
    expect(text).toContain("pub struct Line {\n    pub from: Point,\n    pub to: Point,\n}");
    expect(text).toContain("pub struct O {\n    pub wide: bool,\n}");
    expect(text).toContain("pub fn f(line: &Line, o: &O) -> Option<Point>");
  });

  it("says what it cannot translate, and takes what TypeScript has inferred", () => {
    const { notes, text } = translated(
      "async function f(a: Date, b: () => void): Promise<number> { return 1 }",
      "f",
    );
    expect(notes.join("\n")).toMatch(
      /the parameter a: the type Date has no counterpart[\s\S]*the parameter b[\s\S]*is a Promise/,
    );
    expect(text).toContain("pub fn f(a: f64, b: f64) -> f64 {");
    expect(text).toContain(
      "    // async function f(a: Date, b: () => void): Promise<number> { return 1 }\n    todo!()\n}",
    );
    const arrow = rustFromTypeScript("const f = (n: number) => n > 1", "f", {
      signature: "const f: (n: number) => boolean",
    });
    expect(arrow?.text).toContain("pub fn f(n: f64) -> bool {\n    return n > 1.0;\n}");
  });

  it("is nothing where there is no such function", () => {
    expect(rustFromTypeScript("const f = 1", "f")).toBeUndefined();
    expect(rustFromTypeScript("function f( {", "f")).toBeUndefined();
  });
});

describe("what is left to the user is named with its line", () => {
  it.each([
    [
      "a call of another function",
      "function f(n: number): number {\n  return g(n)\n}",
      "the call of g (line 2)",
    ],
    [
      "a name from outside",
      "const k = 2\nfunction f(n: number): number { return n * k }",
      "the name k, which is declared outside of it (line 2)",
    ],
    [
      "a condition of a number",
      "function f(n: number): number { if (n) return 1; return 2 }",
      "a condition that is not a boolean (line 1)",
    ],
    [
      "a method of a text",
      "function f(s: string): number { return s.indexOf('a') }",
      "the call of .indexOf (line 1)",
    ],
    ["a clock", "function f(): number { return performance.now() }", "the call of performance.now (line 1)"],
    [
      "another name of an array",
      "function f(xs: number[]): number { const ys = xs; return ys[0] }",
      "a second name of one object (line 1)",
    ],
    [
      "continue where the step would be left out",
      "function f(n: number): number { let x = 0.5; for (; x < n; x *= 2) { if (x > 1) continue } return x }",
      "continue in this loop (line 1)",
    ],
    [
      "an index that is no integer",
      "function f(xs: Float64Array, n: number): number { return xs[n / 2] }",
      "an index that may be no integer (line 1)",
    ],
  ])("%s", (_, source, what) => {
    const { complete, notes, text } = translated(source, "f");
    expect(complete).toBe(false);
    expect(notes.join("\n")).toContain(what);
    expect(text).toContain("todo!()");
  });
});

/** Functions whose bodies are translated, and calls of them. */
const bodies: readonly [name: string, source: string, calls: readonly string[]][] = [
  [
    "fib",
    "function fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2) }",
    ["fib(20)", "fib(2.5)"],
  ],
  ["fact", "function fact(n: bigint): bigint { return n <= 1n ? 1n : n * fact(n - 1n) }", ["fact(20n)"]],
  [
    "collatz",
    "function collatz(n: number): number {\n  let steps = 0\n  while (n !== 1) {\n    if (n % 2 === 0) n /= 2\n    else n = 3 * n + 1\n    steps++\n  }\n  return steps\n}",
    ["collatz(27)", "collatz(97)"],
  ],
  [
    "sieve",
    "function sieve(n: number): number {\n  const is = new Uint8Array(n + 1).fill(1)\n  let count = 0\n  for (let i = 2; i <= n; i++) {\n    if (is[i] === 0) continue\n    count++\n    for (let j = i * i; j <= n; j += i) is[j] = 0\n  }\n  return count\n}",
    ["sieve(1000)"],
  ],
  [
    "mandel",
    "const mandel = (cx: number, cy: number, most: number): number => {\n  let x = 0, y = 0, i = 0\n  do {\n    const next = x * x - y * y + cx\n    y = 2 * x * y + cy\n    x = next\n    i++\n  } while (i < most && x * x + y * y <= 4)\n  return i\n}",
    ["mandel(-0.5, 0.5, 200)", "mandel(0.4, 0.4, 200)"],
  ],
  [
    "search",
    "function search(xs: Float64Array, x: number): number {\n  let low = 0\n  let high = xs.length - 1\n  while (low <= high) {\n    const mid = Math.floor((low + high) / 2)\n    if (xs[mid] === x) return mid\n    if (xs[mid]! < x) low = mid + 1\n    else high = mid - 1\n  }\n  return -1\n}",
    ["search(Float64Array.of(1, 3, 5, 9), 5)", "search(Float64Array.of(1, 3, 5, 9), 4)"],
  ],
  [
    "hash",
    "function hash(bytes: Uint8Array): number {\n  let h = 0x811c9dc5\n  for (const one of bytes) {\n    h ^= one\n    h = (h + (h << 1) + (h << 4) + (h << 7) + (h << 8) + (h << 24)) >>> 0\n  }\n  return ~h >>> 3\n}",
    ["hash(Uint8Array.of(1, 200, 3, 255, 7))"],
  ],
  [
    "lcg",
    "function lcg(seed: number, n: number): number { for (let i = 0; i < n; i++) seed = (seed * 1103515245 + 12345) % 2147483648; return seed | 0 }",
    ["lcg(42, 10)"],
  ],
  [
    "multiply",
    "function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {\n  const c = new Float64Array(n * n)\n  for (let i = 0; i < n; i++)\n    for (let j = 0; j < n; j++) {\n      let sum = 0\n      for (let k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j]\n      c[i * n + j] = sum\n    }\n  return c\n}",
    ["[...multiply(Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8), 2)]"],
  ],
  [
    "scale",
    "function scale(xs: Float32Array, by: number): void { for (let i = 0; i < xs.length; i++) xs[i] *= by }",
    ["(() => { const xs = Float32Array.of(0.1, 0.2); scale(xs, 3); return [...xs] })()"],
  ],
  [
    "primes",
    "function primes(most: number): number[] {\n  const found: number[] = []\n  for (let n = 2; n <= most; n++) {\n    let is = true\n    for (const p of found) {\n      if (p * p > n) break\n      if (n % p === 0) { is = false; break }\n    }\n    if (is) found.push(n)\n  }\n  return found\n}",
    ["[...primes(50)]"],
  ],
  [
    "rounding",
    "function rounding(x: number): number { return Math.round(x) * 1000 + Math.trunc(x) * 100 + Math.ceil(x) * 10 + Math.floor(x) + Math.max(x, NaN, ) }",
    ["rounding(2.5)"],
  ],
  [
    "rounded",
    "function rounded(x: number): number { return Math.round(x) + Math.max(x, 1) - Math.min(x, 0) + Math.sqrt(Math.abs(x)) ** 2 }",
    ["rounded(2.25)", "rounded(-2.5)", "rounded(0.49999999999999994)"],
  ],
  [
    "middle",
    "interface Point { x: number; y: number }\nfunction middle(points: Point[], camelCase: boolean): Point {\n  let x = 0, y = 0\n  for (const point of points) { x += point.x; y += camelCase ? point.y : -point.y }\n  return { x: x / points.length, y: y / points.length }\n}",
    ["middle([{ x: 1, y: 2 }, { x: 3, y: 5 }], false)"],
  ],
  [
    "first",
    "function first(xs: number[], over: number): number | null { for (const x of xs) if (x > over) return x; return null }",
    ["first([1, 2, 3], 1)", "first([1], 1)"],
  ],
  ["swap", "function swap(a: number, b: boolean): [boolean, number] { return [!b, -a] }", ["swap(1, true)"]],
  [
    "grid",
    "function grid(rows: number[][]): number { let most = -Infinity; for (let i = 0; i < rows.length; i++) for (let j = 0; j < rows[i].length; j++) if (rows[i][j] > most) most = rows[i][j]; return most }",
    ["grid([[1, 7], [3]])"],
  ],
  [
    "counts",
    "function counts(xs: Int32Array): number { const seen = new Array(10).fill(0); let even = 0; for (const x of xs) { seen[Math.abs(x % 10)]++; if ((x & 1) === 0) even++ } let type = 0; for (let i = 0; i < seen.length; i++) type += seen[i] * (i + 1); return type * 100 + even }",
    ["counts(Int32Array.of(1, 2, 3, 44, -7, 1))"],
  ],
];

describe.skipIf(!hasRust)("a translated body", () => {
  const rust = useRustKernel("tandem-translate-");

  it("answers as the original does", async () => {
    const cells = bodies.map(([name, source]) => {
      const cell = translated(source, name);
      expect([name, cell.complete, cell.notes.filter((note) => note.startsWith("The body"))]).toEqual([
        name,
        true,
        [],
      ]);
      return cell.text;
    });
    // One build for all: what several need stands once.
    const parts = new Set(
      cells.flatMap((text) =>
        text
          .replace("%%rust\n", "")
          .split(/\n(?=\/\/\/|fn |pub |#\[)/)
          .map((part) => part.trim()),
      ),
    );
    const said = await rust.k.run(`%%rust --as rs\n${[...parts].join("\n")}`);
    expect([said.error?.traceback.join("\n"), said.stderr]).toEqual([undefined, ""]);
    await rust.text(bodies.map(([, source]) => source).join("\n"));
    for (const [name, , calls] of bodies)
      for (const call of calls) {
        const original = await rust.text(call);
        expect([call, await rust.text(call.replace(new RegExp(`\\b${name}\\(`), `rs.${name}(`))]).toEqual([
          call,
          original,
        ]);
      }
  });

  it("that is left to the user compiles", async () => {
    const source =
      "type Mode = 'fast' | 'exact';\nfunction rest(camelCase: Mode, xs: Float64Array, o: { type: string }): number | null {\n  xs[0] = 1; /* a /* comment */\n  return helper(xs, camelCase)\n}";
    const { text, complete } = translated(source, "rest");
    expect(complete).toBe(false);
    const said = await rust.k.run(text);
    expect([said.error?.traceback.join("\n"), said.stderr]).toEqual([undefined, ""]);
    expect(await rust.failure("rest('fast', new Float64Array(1), { type: 'a' })")).toContain(
      "not yet implemented",
    );
  });
});
