import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestKernel } from "../../kernel.ts";
import { startKernel } from "../harness/cells.ts";
import { median } from "../harness/facts.ts";

/** What a span costs on each side beyond a loop that marks nothing, in seconds; a text says why it could not be measured. */
export type SpanCosts = Readonly<Record<string, number | string>>;

/** Spans of a round: fewer than a buffer holds, so that each is kept. */
const SPANS = 100_000;
const ROUNDS = 9;

const rust = `%%rust
use std::{hint::black_box, thread, time::Instant};
fn spans(n: u32, mark: bool) -> f64 {
    let start = Instant::now();
    for i in 0..n {
        if mark { let _s = tandem::span!("s"); black_box(i); } else { black_box(i); }
    }
    start.elapsed().as_secs_f64()
}
/// Seconds for a span; of several threads at once, of each thread's time.
pub fn cost(n: u32, threads: u32) -> f64 {
    let each = n / threads;
    let all: f64 = thread::scope(|s| {
        let own: Vec<_> = (0..threads).map(|_| s.spawn(move || spans(each, true) - spans(each, false))).collect();
        own.into_iter().map(|one| one.join().unwrap()).sum()
    });
    all / f64::from(each * threads)
}`;
const python = `%%python
import time, tandem
def spans(n, mark):
    start = time.perf_counter()
    if mark:
        for i in range(n):
            with tandem.span("s"):
                pass
    else:
        for i in range(n):
            pass
    return time.perf_counter() - start
def cost(n) -> float:
    return (spans(n, True) - spans(n, False)) / n`;
const typescript = `function spans(n: number, mark: boolean): number {
  let sum = 0;
  const one = () => sum++;
  const start = performance.now();
  if (mark) for (let i = 0; i < n; i++) span("s", one);
  else for (let i = 0; i < n; i++) one();
  return (performance.now() - start) / 1000;
}
const cost = (n: number) => (spans(n, true) - spans(n, false)) / n;`;

/** The median of some rounds for each side, in a kernel as users have it. Rounds are timelines of their own: their start empties the buffers. */
export async function spanCosts(): Promise<SpanCosts> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-spans-"));
  const kernel = startKernel(folder);
  try {
    return {
      "in TypeScript": await rounds(kernel, typescript, `cost(${SPANS})`),
      "in TypeScript, where nothing is recorded": await rounds(kernel, typescript, `cost(${SPANS})`, false),
      "in Rust": await rounds(kernel, rust, `cost(${SPANS}, 1)`),
      "in Rust, on 4 threads at once": await rounds(kernel, rust, `cost(${SPANS}, 4)`),
      "in Python": await rounds(kernel, python, `await py.cost(${SPANS})`),
    };
  } finally {
    await kernel.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rounds(
  kernel: TestKernel,
  setUp: string,
  expression: string,
  record = true,
): Promise<number | string> {
  const prepared = await kernel.run(setUp);
  if (prepared.error) return prepared.error.traceback.at(-1) ?? "The cell failed.";
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ran = await kernel.run(`${record ? "%%timeline spans\n" : ""}${expression}`);
    const value = Number(ran.result?.["text/plain"]);
    if (!Number.isFinite(value)) return ran.error?.traceback.at(-1) ?? "No number came of it.";
    found.push(value);
  }
  return median(found);
}
