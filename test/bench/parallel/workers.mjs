// What the peers' workers run: the same work as the cells' functions.
import { isMainThread, parentPort, workerData } from "node:worker_threads";

/** @param {number} microseconds */
const spin = (microseconds) => {
  const end = process.hrtime.bigint() + BigInt(microseconds * 1000);
  while (process.hrtime.bigint() < end);
};

/** @type {(n: number) => number} */
const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));

/** @type {Record<string, (value: any) => unknown>} Each task takes what its callers send. */
const tasks = {
  increment: (x) => x + 1,
  price: ({ price, count }) => ({ total: price * count }),
  wait: (x) => {
    spin(10);
    return x;
  },
  fib,
  first: (block) => block[0],
};

/** @param {{ task: string, value: unknown }} message */
export default function one({ task, value }) {
  return tasks[task]?.(value);
}

/** @param {{ task: string, values: unknown[] }} message */
const listOf = ({ task, values }) => values.map((value) => tasks[task]?.(value));

// As a bare worker, or a bare process: lists in, lists out.
if (workerData?.bare) parentPort?.on("message", (message) => parentPort?.postMessage(listOf(message)));
else if (process.argv[2] === "bare")
  process.on("message", (/** @type {any} */ message) => process.send?.(listOf(message)));
// As workerpool's.
else if (!isMainThread && !workerData) {
  const { default: workerpool } = await import("workerpool");
  workerpool.worker({ one });
}
