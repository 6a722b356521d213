import type { Target } from "../harness/compare.ts";

/** One comparison: its sides as TypeScript, what they have to be to each other. */
export interface Line {
  readonly title: string;
  readonly sides: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly budget?: number;
  readonly targets: readonly Target[];
}

/** Peers as functions over a whole list, each with as many workers as there are cores. `folder` has workers.mjs. */
export const setUp = (folder: string): string => `
import { Piscina } from "piscina";
import Tinypool from "tinypool";
import workerpool from "workerpool";
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
const file = ${JSON.stringify(`${folder}/workers.mjs`)};
const cores = availableParallelism();
const piscina = new Piscina({ filename: file, minThreads: cores, maxThreads: cores });
const tinypool = new Tinypool({ filename: file, minThreads: cores, maxThreads: cores });
const otherPool = workerpool.pool(file, { minWorkers: cores, maxWorkers: cores, workerType: "thread" });
const workers = Array.from({ length: cores }, () => new Worker(file, { workerData: { bare: true } }));
const processes = Array.from({ length: cores }, () => fork(file, ["bare"], { serialization: "advanced" }));
const each = (pool: { run(task: unknown): Promise<unknown> }, task: string, values: unknown[]) =>
  Promise.all(values.map((value) => pool.run({ task, value })));
const eachOther = (task: string, values: unknown[]) =>
  Promise.all(values.map((value) => otherPool.exec("one", [{ task, value }])));
const n = (xs: ArrayLike<any>) => xs.length;
/** The best that can be written by hand: one message to each worker. */
const halves = async (peers: { once(event: "message", f: (list: any) => void): unknown }[], send: (peer: any, message: unknown) => void, task: string, values: unknown[]) => {
  const size = Math.ceil(values.length / peers.length);
  const parts = peers.map((peer, index) => new Promise<unknown[]>((resolve) => {
    peer.once("message", resolve);
    send(peer, { task, values: values.slice(index * size, (index + 1) * size) });
  }));
  return (await Promise.all(parts)).flat();
};
const bare = (task: string, values: unknown[]) => halves(workers, (worker, message) => worker.postMessage(message), task, values);
const bareProcesses = (task: string, values: unknown[]) => halves(processes as any, (child, message) => child.send(message), task, values);
const spin = (us: number) => { const end = process.hrtime.bigint() + BigInt(us * 1000); while (process.hrtime.bigint() < end); };
const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));
const objects = Array.from({ length: 10_000 }, (_, i) => ({ price: i / 7, count: i % 5 }));
const numbers = Float64Array.from({ length: 10_000 }, (_, i) => i);
const list = [...numbers];
const eight = new Array(8).fill(32);
const price = ({ price, count }: { price: number; count: number }) => ({ total: price * count });
const increment = (x: number) => x + 1;
const ten = (x: number) => { spin(10); return x; };
const shared = new Float64Array(new SharedArrayBuffer(64e6));
let held = new Float64Array(8e6);
/** To a worker and back. */
const moved = async () => { [held] = await pmap([held], (block) => block, { force: true, move: true }) as Float64Array[]; return 1; };
const cloned = new Float64Array(8e6);
`;

export const python = `%%python
import array, concurrent.futures, multiprocessing as mp, os, time
def _price(x): return {"total": x["price"] * x["count"]}
def _increment(x): return x + 1
def _fib(n): return n if n < 2 else _fib(n - 1) + _fib(n - 2)
def _sum(block): return float(block[0])
_items = [{"price": i / 7, "count": i % 5} for i in range(10_000)]
_numbers = [float(i) for i in range(10_000)]
_block = array.array("d", bytes(64_000_000))
_fork = mp.get_context("fork")
_pool = _fork.Pool(os.cpu_count())
_executor = concurrent.futures.ProcessPoolExecutor(os.cpu_count(), mp_context=_fork)
def pool_map(): return len(_pool.map(_price, _items))
def pool_map_each(): return len(_pool.map(_price, _items, chunksize=1))
def executor_map(): return len(list(_executor.map(_price, _items, chunksize=1250)))
def pool_map_numbers(): return len(_pool.map(_increment, _numbers))
def pool_fib(): return len(_pool.map(_fib, [20] * 8))
def pool_block(): return int(_pool.apply(_sum, (_block,))) + 1
`;

/** The list by piscina and the like: \`(task, list)\` of workers.mjs. */
const peers = (task: string, values: string): Record<string, string> => ({
  piscina: `async () => n(await each(piscina, "${task}", ${values}))`,
  tinypool: `async () => n(await each(tinypool, "${task}", ${values}))`,
  workerpool: `async () => n(await eachOther("${task}", ${values}))`,
  "bare workers": `async () => n(await bare("${task}", ${values}))`,
});

export const lines: readonly Line[] = [
  {
    title: "10,000 empty items, objects",
    sides: {
      tandem: "async () => n(await pmap(objects, price, { force: true }))",
      ...peers("price", "objects"),
      "Pool.map": "[py.pool_map]",
      "Pool.map, one by one": "[py.pool_map_each]",
      ProcessPoolExecutor: "[py.executor_map]",
    },
    budget: 90,
    targets: [
      { what: "against piscina", of: "piscina", to: "tandem", atLeast: 30 },
      { what: "against Python's chunked Pool.map", of: "Pool.map", to: "tandem", atLeast: 1 },
    ],
  },
  {
    title: "10,000 empty items, typed arrays",
    sides: {
      tandem: "async () => n(await pmap(numbers, increment, { force: true }))",
      ...peers("increment", "list"),
      "Pool.map": "[py.pool_map_numbers]",
    },
    budget: 75,
    targets: [{ what: "against piscina", of: "piscina", to: "tandem", atLeast: 500 }],
  },
  {
    title: "10,000 items of 10 µs",
    sides: {
      tandem: "async () => n(await pmap(numbers, ten, { force: true }))",
      "one thread": "() => n(list.map(ten))",
      ...peers("wait", "list"),
      "bare processes": 'async () => n(await bareProcesses("wait", list))',
    },
    budget: 45,
    targets: [
      { what: "against piscina", of: "piscina", to: "tandem", atLeast: 5 },
      { what: "against one thread", of: "one thread", to: "tandem", atLeast: 1.7 },
      { what: "against two bare processes", of: "bare processes", to: "tandem", atLeast: 0.9 },
    ],
  },
  {
    title: "fib(32) × 8",
    sides: {
      tandem: "async () => n(await pmap(eight, fib, { force: true }))",
      "one thread": "() => n(eight.map((k) => fib(k)))",
      ...peers("fib", "eight"),
    },
    targets: [{ what: "against one thread", of: "one thread", to: "tandem", atLeast: 1.9 }],
  },
  {
    title: "Left to itself: 100,000 items of 0.3 µs, which workers would not make faster",
    sides: {
      tandem:
        "async () => n(await pmap(list, (x) => { let y = x; for (let i = 0; i < 300; i++) y = (y * 7 + i) % 1021; return y; }))",
      "one thread":
        "() => n(list.map((x) => { let y = x; for (let i = 0; i < 300; i++) y = (y * 7 + i) % 1021; return y; }))",
    },
    budget: 15,
    targets: [{ what: "against one thread", of: "tandem", to: "one thread", atMost: 1.1 }],
  },
  {
    title: "64 MB of doubles to a worker, beside a run without them",
    sides: {
      "nothing sent": "async () => n(await pmap([1], (x) => x, { force: true }))",
      shared: "async () => n(await pmap([1], (x) => shared[x]!, { force: true }))",
      "moved there and back": "moved",
      "copied to a bare worker": 'async () => n(await bare("first", [cloned]))',
      "pickled to a process": "[py.pool_block]",
    },
    budget: 30,
    targets: [],
  },
];
