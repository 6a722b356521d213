// %%parallel against the pools of npm, bare workers and Python's pools, all in one kernel and interleaved.

import { compareCell, startKernel } from "../harness/cells.ts";
import type { Comparison } from "../harness/compare.ts";
import { installPeers } from "../harness/peers.ts";
import { keep, print } from "../harness/report.ts";

const folder = import.meta.dirname;

/** Peers as functions over a whole list, each with as many workers as there are cores. */
const setUp = `
import { Piscina } from "piscina";
import Tinypool from "tinypool";
import workerpool from "workerpool";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
const file = ${JSON.stringify(`${folder}/workers.mjs`)};
const cores = availableParallelism();
const piscina = new Piscina({ filename: file, minThreads: cores, maxThreads: cores });
const tinypool = new Tinypool({ filename: file, minThreads: cores, maxThreads: cores });
const workers = Array.from({ length: cores }, () => new Worker(file, { workerData: { bare: true } }));
const each = (pool: { run(task: unknown): Promise<unknown> }, task: string, values: unknown[]) =>
  Promise.all(values.map((value) => pool.run({ task, value })));
/** The best that can be written by hand: one message to each worker. */
const bare = async (task: string, values: unknown[]) => {
  const size = Math.ceil(values.length / cores);
  const parts = workers.map((worker, index) => new Promise<unknown[]>((resolve) => {
    worker.once("message", resolve);
    worker.postMessage({ task, values: values.slice(index * size, (index + 1) * size) });
  }));
  return (await Promise.all(parts)).flat();
};
const spin = (us: number) => { const end = process.hrtime.bigint() + BigInt(us * 1000); while (process.hrtime.bigint() < end); };
const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
const objects = Array.from({ length: 10_000 }, (_, i) => ({ price: i / 7, count: i % 5 }));
const numbers = Float64Array.from({ length: 10_000 }, (_, i) => i);
const list = [...numbers];
const eight = new Array(8).fill(32);
const price = ({ price, count }: { price: number; count: number }) => ({ total: price * count });
`;

const python = `%%python
import json, multiprocessing as mp, time, os
def _price(x): return x["price"] * x["count"]
_items = [{"price": i / 7, "count": i % 5} for i in range(10_000)]
def pool_map():
    global _pool
    try: _pool
    except NameError: _pool = mp.get_context("fork").Pool(os.cpu_count())
    return len(_pool.map(_price, _items))
`;

const sum = "(xs: ArrayLike<any>) => xs.length";

void main();

async function main(): Promise<void> {
  const missing = installPeers(folder);
  if (missing) console.log(missing);
  const kernel = startKernel(folder);
  const found: Comparison[] = [];
  const measure = async (
    ...args: Parameters<typeof compareCell> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const comparison = await compareCell(kernel, ...args);
    print(comparison);
    found.push(comparison);
  };
  try {
    for (const cell of [setUp, python]) {
      const ran = await kernel.run(cell);
      if (ran.error) console.log(ran.error.traceback.join("\n"));
    }
    await measure(
      "10,000 empty items, objects",
      `const n = ${sum};
       await bench({
         tandem: async () => n(await pmap(objects, price, { force: true })),
         piscina: async () => n(await each(piscina, "price", objects)),
         tinypool: async () => n(await each(tinypool, "price", objects)),
         bare: async () => n(await bare("price", objects)),
         python: [py.pool_map],
       }, { budget: "40s" })`,
      [
        { what: "against piscina", of: "piscina", to: "tandem", atLeast: 30 },
        { what: "against Python's Pool.map", of: "python", to: "tandem", atLeast: 1 },
      ],
    );
    await measure(
      "10,000 empty items, typed arrays",
      `await bench({
         tandem: async () => n(await pmap(numbers, (x) => x + 1, { force: true })),
         piscina: async () => n(await each(piscina, "increment", list)),
         tinypool: async () => n(await each(tinypool, "increment", list)),
       }, { budget: "30s" })`,
      [{ what: "against piscina", of: "piscina", to: "tandem", atLeast: 500 }],
    );
    await measure(
      "10,000 items of 10 µs",
      `await bench({
         tandem: async () => n(await pmap(numbers, (x) => { spin(10); return x; }, { force: true })),
         "one thread": () => n(list.map((x) => { spin(10); return x; })),
         piscina: async () => n(await each(piscina, "wait", list)),
         bare: async () => n(await bare("wait", list)),
       }, { budget: "40s" })`,
      [
        { what: "against piscina", of: "piscina", to: "tandem", atLeast: 5 },
        { what: "against one thread", of: "one thread", to: "tandem", atLeast: 1.7 },
        { what: "against bare workers", of: "bare", to: "tandem", atLeast: 0.9 },
      ],
    );
    await measure(
      "fib(32) × 8",
      `await bench({
         tandem: async () => n(await pmap(eight, (k) => fib(k), { force: true })),
         "one thread": () => n(eight.map(fib)),
         piscina: async () => n(await each(piscina, "fib", eight)),
       }, { budget: "30s" })`,
      [{ what: "against one thread", of: "one thread", to: "tandem", atLeast: 1.9 }],
    );
  } finally {
    await kernel.close();
  }
  keep("parallel", found);
  process.exit(0);
}
