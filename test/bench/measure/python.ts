import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestKernel } from "../../kernel.ts";
import { startKernel } from "../harness/cells.ts";
import { median } from "../harness/facts.ts";

/** What a crossing between TypeScript and Python takes, in seconds; a text says why it could not be measured. */
export interface Crossing {
  readonly what: string;
  readonly seconds: number | string;
  /** The most that is wanted; undefined where it is only told. */
  readonly most?: number;
}

const ROUNDS = 7;
const KB = 1024;
const SIZES = [KB, 32 * KB, 128 * KB, KB * KB, 8 * KB * KB, 64 * KB * KB];

const told = (size: number) => (size < KB * KB ? `${size / KB} KB` : `${size / KB / KB} MB`);

const python = `%%python
def same(x): return x
def number(x: float) -> float: return x`;
const typescript = `async function perCall(calls: number, call: () => unknown): Promise<number> {
  for (let i = 0; i < Math.min(calls, 50); i++) await call();
  const start = performance.now();
  for (let i = 0; i < calls; i++) await call();
  return (performance.now() - start) / 1000 / calls;
}
const list = Array.from({ length: 1_000_000 }, (_, i) => i + 0.5);
const records = Array.from({ length: 10_000 }, (_, i) => ({ id: BigInt(i), name: "name " + i, price: i + 0.5 }));`;

/** Calls, arrays of each size and large structures, in a kernel as users have it: medians of some rounds. */
export async function crossings(): Promise<Crossing[]> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-python-"));
  const kernel = startKernel(folder);
  const found: Crossing[] = [];
  const add = async (what: string, expression: string, most?: number) => {
    found.push({ what, seconds: await rounds(kernel, expression), ...(most !== undefined && { most }) });
  };
  try {
    await kernel.run("%config check = off");
    for (const cell of [python, typescript]) {
      const { error } = await kernel.run(cell);
      if (error) return [{ what: "a call of py.f", seconds: error.evalue }];
    }
    await add("a call of py.f", "perCall(2000, () => py.same(1))", 100e-6);
    await add("a call of a function with annotations", "perCall(2000, () => py.number(1))", 100e-6);
    await add(
      "each of 1,000 calls made at once",
      "perCall(3, () => Promise.all(Array.from({ length: 1000 }, (_, i) => py.same(i)))).then((s) => s / 1000)",
      100e-6,
    );
    for (const size of SIZES) {
      const calls = size > KB * KB ? 3 : 200;
      await kernel.run(
        `var plain = new Float64Array(${size / 8}), shared = tandem.array(Float64Array, ${size / 8})`,
      );
      await add(`${told(size)} shared`, `perCall(200, () => py.same(shared))`, 250e-6);
      await add(`${told(size)} to Python`, `perCall(${calls}, () => py.len(plain))`);
      await add(`${told(size)} there and back`, `perCall(${calls}, () => py.same(plain))`);
    }
    await add("a list of 1,000,000 floats there and back", "perCall(1, () => py.same(list))");
    await add("10,000 records there and back", "perCall(1, () => py.same(records))");
    return found;
  } finally {
    await kernel.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rounds(kernel: TestKernel, expression: string): Promise<number | string> {
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ran = await kernel.run(`await ${expression}`);
    const value = Number(ran.result?.["text/plain"]);
    if (!Number.isFinite(value)) return ran.error?.traceback.at(-1) ?? "No number came of it.";
    found.push(value);
  }
  return median(found);
}
