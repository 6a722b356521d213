// How long interrupts take to end what runs, and how long after a death the next cell takes. `npm run bench -- faults [rounds]`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Ran, TestKernel } from "../../kernel.ts";
import { keep } from "../harness/report.ts";
import { deaths, loops } from "./faults.ts";

const rounds = Number(process.argv[2] ?? 7);
process.env.TANDEM_TEST_BUNDLES = join(process.cwd(), "dist");

interface Line {
  readonly name: string;
  /** Milliseconds, one for each round. */
  readonly times: number[];
  /** Whether the notebook's variables were what they had to be, each time. */
  kept: boolean;
}

void main();

async function main(): Promise<void> {
  const interrupts = await each(loops, interruptOnce);
  show(
    "From an interrupt to the end of its cell, in ms (wanted: at most 100, and the variables kept)",
    interrupts,
  );
  const next = await each(deaths, dieOnce);
  show("From the request of the cell after a death to its end, in ms (wanted: under 1000)", next);
  keep("faults", { rounds, interrupts, deaths: next });
}

async function each(
  cells: Readonly<Record<string, string>>,
  once: (k: TestKernel, source: string) => Promise<{ ms: number; kept: boolean }>,
): Promise<Line[]> {
  const lines: Line[] = [];
  const folder = mkdtempSync(join(tmpdir(), "tandem-faults-"));
  const k = new TestKernel(folder);
  for (const [name, source] of Object.entries(cells)) {
    const line: Line = { name, times: [], kept: true };
    for (let round = 0; round < rounds; round++) {
      const { ms, kept } = await once(k, source);
      line.times.push(ms);
      line.kept &&= kept;
    }
    lines.push(line);
  }
  await k.close();
  rmSync(folder, { recursive: true, force: true });
  return lines;
}

async function interruptOnce(k: TestKernel, source: string): Promise<{ ms: number; kept: boolean }> {
  await k.run("state = { n: 1 }");
  const { ran, done } = k.start(`state.n++; console.log("go"); ${source}`);
  await said(ran, "go");
  await sleep(100);
  const started = performance.now();
  k.interrupt();
  const { error } = await done;
  const ms = performance.now() - started;
  const { result } = await k.run("state.n");
  return { ms, kept: error?.ename === "Interrupted" && result?.["text/plain"] === "2" };
}

async function dieOnce(k: TestKernel, source: string): Promise<{ ms: number; kept: boolean }> {
  await k.run("1");
  // A person does not lose two engines within a second: the spare is there.
  await sleep(1500);
  const died = await k.run(source);
  const started = performance.now();
  const next = await k.run("1 + 1");
  const ms = performance.now() - started;
  return { ms, kept: died.error?.ename === "EngineDied" && next.result?.["text/plain"] === "2" };
}

async function said(ran: Ran, word: string): Promise<void> {
  while (!ran.stdout.includes(word)) await sleep(2);
}

function show(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...lines.map(({ name }) => name.length));
  for (const { name, times, kept } of lines) {
    const sorted = [...times].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    const most = sorted.at(-1) ?? Number.NaN;
    console.log(
      `  ${name.padEnd(width)}  median ${median.toFixed().padStart(4)}, most ${most.toFixed().padStart(4)}${kept ? "" : "  NOT AS WANTED"}`,
    );
  }
}
