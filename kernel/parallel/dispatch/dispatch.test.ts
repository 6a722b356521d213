import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Step } from "../protocol.ts";
import { receiveThrown } from "../values/thrown.ts";
import { ListCollector } from "./collect.ts";
import { dispatch } from "./dispatch.ts";
import type { Job } from "./job.ts";
import { Pool } from "./pool.ts";
import { Results } from "./results.ts";
import { sourceOf } from "./source.ts";

// Real workers, without a notebook around them: the function travels as one script.
const file = join(process.env.TANDEM_TEST_BUNDLES ?? "", "worker.cjs");
const small = new Pool({ file, folder: process.cwd(), limits: { maxOldGenerationSizeMb: 32 } });
const pool = new Pool({ file, folder: process.cwd() });
afterAll(() => Promise.all([pool.close(), small.close()]));

let scripts = 0;

// The collector is a list.
const valuesOf = ({ collector }: Results) => collector.value() as unknown[];

function stepsFor(source: string): Step[] {
  const key = `script:${++scripts}`;
  const text = `(function(__t){__t.make[0]=()=>(${source})})`;
  return [
    { op: "script", key, script: { text, file: "cell-1.ts", line: 0 } },
    { op: "function", key: `${key}/0`, script: key, index: 0, name: "body" },
  ];
}

async function run(
  own: Pool,
  items: unknown,
  source: string,
  { keepGoing = false, ...options }: Partial<Job> & { keepGoing?: boolean } = {},
) {
  const results = new Results(new ListCollector(Array.isArray(items) ? items.length : undefined));
  const steps = stepsFor(source);
  const ended = await own.exclusive(
    (number) =>
      dispatch(own, number, {
        steps,
        setUps: [],
        work: {
          root: `script:${scripts}/0`,
          sends: "each",
          keepGoing,
          retries: 0,
          move: false,
          traced: false,
        },
        source: sourceOf(items),
        from: 0,
        results,
        workers: 2,
        signal: new AbortController().signal,
        stream() {},
        display() {},
        receive: (sent) => receiveThrown(sent, (name) => Reflect.get(globalThis, name)),
        ...options,
      }).ended,
  );
  return { ended, results };
}

test("results come in the order of the items, whoever did them", async () => {
  const items = Array.from({ length: 10_000 }, (_, i) => ({ i }));
  const { ended, results } = await run(pool, items, "({ i }) => i * 2");
  expect(ended).toEqual({ how: "finished" });
  expect(valuesOf(results)).toEqual(items.map(({ i }) => i * 2));
});

test("a chunk that takes too long is shared with the others", async () => {
  const source =
    "(x) => { const end = performance.now() + 25; while (performance.now() < end); return require('node:worker_threads').threadId; }";
  const { results } = await run(pool, Array(8).fill(0), source);
  const byThread = new Map<unknown, number>();
  for (const thread of valuesOf(results)) byThread.set(thread, (byThread.get(thread) ?? 0) + 1);
  expect(byThread.size).toBe(2);
  expect(Math.min(...byThread.values())).toBeGreaterThan(1);
});

test("a chunk size is kept", async () => {
  const { results } = await run(pool, Array(100).fill(0), "(_, i) => i", { chunk: 7 });
  expect(valuesOf(results)).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

describe("lack of memory", () => {
  const hog = "(x) => { if (x !== 3) return x; const hold = []; for (;;) hold.push({ at: [hold.length] }); }";

  test("fails the item that used it up", async () => {
    const { ended, results } = await run(small, [1, 2, 3, 4], hog);
    expect(ended.how).toBe("failed");
    expect(results.inOrder()[0]?.index).toBe(2);
    expect(String(results.inOrder()[0]?.error)).toMatch(/Worker \d ran out of memory at item 2/);
  });

  test("leaves out that item alone when the run keeps going", async () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const { ended, results } = await run(small, items, hog, { keepGoing: true, chunk: 10 });
    expect(ended.how).toBe("finished");
    expect(results.failures.map(({ index }) => index)).toEqual([3]);
    expect(valuesOf(results).filter((x) => x !== undefined)).toEqual(items.filter((x) => x !== 3));
  });
});

test("a worker that cannot get started fails the job", async () => {
  const broken = new Pool({ file: join(process.cwd(), "is-not-there.cjs"), folder: process.cwd() });
  const { ended } = await run(broken, [1, 2], "(x) => x");
  expect(ended.how).toBe("error");
  expect(ended.how === "error" && String(ended.error)).toContain("is-not-there");
});

test("steps that fail in the worker fail the job, and are tried again in the next", async () => {
  const bad: Step = { op: "import", key: "import:./nowhere.js:*", specifier: "./nowhere.js", imported: "*" };
  const steps = stepsFor("(x) => x");
  const first = await run(pool, [1], "(x) => x", { steps: [bad, ...steps] });
  expect(first.ended.how).toBe("error");
  const second = await run(pool, [1], "(x) => x + 1");
  expect(valuesOf(second.results)).toEqual([2]);
});

test("an endless source is taken only as fast as results come", async () => {
  let taken = 0;
  let most = 0;
  const results = new Results(new ListCollector(undefined));
  const controller = new AbortController();
  const endless = (function* () {
    for (;;) {
      most = Math.max(most, taken - results.done);
      yield taken++;
      if (results.done > 2000) controller.abort();
    }
  })();
  const { ended } = await run(pool, endless, "(x) => x", { results, signal: controller.signal });
  expect(ended.how).toBe("stopped");
  // Two chunks for each of two workers, of at most 1,024.
  expect(most).toBeLessThanOrEqual(4 * 1024);
});

test("workers beyond the cores end with the run that asked for them", async () => {
  const { results } = await run(pool, Array(12).fill(1), "(x) => x", { workers: 6, chunk: 1 });
  expect(valuesOf(results)).toEqual(Array(12).fill(1));
  expect(pool.size).toBeLessThanOrEqual(Math.max(2, Pool.cores));
});
