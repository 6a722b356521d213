// Long sessions: how latency and memory go over 2,000 cells, how fast lines come, how soon a flood ends. Over Node IPC, as
// VS Code has it; what the same over ZeroMQ costs beside other kernels, `npm run bench -- kernel` tells.
import { fork } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { KernelClient } from "../../../kernel/wire/client.ts";
import type { Message } from "../../../kernel/wire/message.ts";
import { keep } from "../harness/report.ts";
import { memoryOfTree, type ProcessMemory } from "../kernel/memory.ts";

/** After how many cells latency and memory are looked at. */
const STOPS = [1, 50, 300, 1000, 2000];
/** Latency is the median of so many cells. */
const WINDOW = 50;
/** How long the type service and the spare get to come to rest before memory is read, in ms. */
const SETTLE = 3000;

/** Cells of a session, by its name; `i` from 0. */
const SESSIONS: Readonly<Record<string, (i: number) => string>> = {
  "1+1": () => "1+1",
  "typed, the same 50 names declared again": (i) => typed(i % 50),
  "typed, new names in each": typed,
  "20 lines printed by each": (i) => `for (let n = 0; n < 20; n++) console.log("cell ${i}, line", n)`,
};

function typed(i: number): string {
  return `interface Row${i} { price: number; count: number }
const rows${i}: Row${i}[] = [{ price: 1.5, count: 2 }, { price: 2, count: 3 }];
const total${i} = rows${i}.map(({ price, count }: Row${i}) => price * count).reduce((a, b) => a + b, 0)
total${i}`;
}

class Session {
  readonly #child = fork("dist/tandem.cjs", ["kernel", "--ipc"], { serialization: "advanced" });
  readonly #client = new KernelClient(this.#child);

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async enginePid(): Promise<number> {
    let pid = 0;
    await this.run("process.pid", ({ header, content }) => {
      // A MIME bundle, as the protocol has it.
      if (header.msg_type === "execute_result")
        pid = Number((content.data as Record<string, unknown>)["text/plain"]);
    });
    return pid;
  }

  /** Runs a cell; milliseconds to its idle status. */
  async run(code: string, onOutput: (message: Message) => void = () => {}): Promise<number> {
    const start = performance.now();
    const { content } = await this.#client.request(
      "shell",
      "execute_request",
      { code, allow_stdin: true },
      onOutput,
    );
    if (content.status === "error" && content.ename !== "Interrupted")
      throw new Error(String(content.evalue));
    return performance.now() - start;
  }

  async interrupt(): Promise<void> {
    await this.#client.request("control", "interrupt_request", {});
  }

  async end(): Promise<void> {
    const exit = once(this.#child, "exit");
    this.#child.disconnect();
    await exit;
  }
}

async function main(only = ""): Promise<void> {
  const found: unknown[] = [];
  for (const [name, cell] of Object.entries(SESSIONS)) {
    if (name.includes(only)) found.push(await long(name, cell));
  }
  if ("output".includes(only)) found.push(await output());
  if ("interrupt".includes(only)) found.push(await interrupts());
  keep("sessions", found);
}

/** One long session: latency and memory at each stop. */
async function long(name: string, cell: (i: number) => string): Promise<object> {
  console.log(`\n== ${name}: median latency of ${WINDOW} cells in ms, memory (PSS) in MiB`);
  const session = new Session();
  const stops: { cells: number; latency: number; memory: Record<string, number> }[] = [];
  const times: number[] = [];
  // What the first cell pays once is no part of a cell's latency.
  const engine = await session.enginePid();
  for (let i = 0; i < Math.max(...STOPS); i++) {
    times.push(await session.run(cell(i)));
    const cells = i + 1;
    if (!STOPS.includes(cells)) continue;
    const latency = median(cells < WINDOW ? times : times.slice(-WINDOW));
    await new Promise((resolve) => setTimeout(resolve, SETTLE));
    const memory = byProcess(session.pid, engine);
    stops.push({ cells, latency, memory });
    const sizes = Object.entries(memory).map(
      ([process, bytes]) => `${process} ${(bytes / 2 ** 20).toFixed(0)}`,
    );
    console.log(`   after ${String(cells).padStart(4)}: ${latency.toFixed(2)} ms; ${sizes.join(", ")}`);
  }
  await session.end();
  const [early, last] = [stops.find(({ cells }) => cells === WINDOW), stops.at(-1)];
  const ratio = (last?.latency ?? Number.NaN) / (early?.latency ?? Number.NaN);
  console.log(
    `   ${ratio <= 2 ? "MET" : "MISSED"}  the last cells against the first ${WINDOW}, at most 2: ${ratio.toFixed(2)}`,
  );
  return { name, stops, ratio };
}

/** Lines through the whole kernel, in thousands a second, by where they come from. */
async function output(): Promise<object> {
  console.log("\n== output: thousands of lines a second, to the client");
  const session = new Session();
  await session.run("%config output_limit = off");
  const lines = 200_000;
  const shell = `yes "a line of usual length, with a number: 123456" | head -n ${lines}`;
  const sources = {
    "console.log": `for (let i = 0; i < ${lines}; i++) console.log("a line of usual length, with a number:", i)`,
    "process.stdout.write": `for (let i = 0; i < ${lines}; i++) process.stdout.write(\`a line of usual length, with a number: \${i}\\n\`)`,
    "console.error": `for (let i = 0; i < ${lines}; i++) console.error("a line of usual length, with a number:", i)`,
    "child process": `require("child_process").execSync(${JSON.stringify(shell)}, { stdio: "inherit" }); 0`,
  };
  const rates: Record<string, number> = {};
  for (const [name, code] of Object.entries(sources)) {
    let seen = 0;
    const ms = await session.run(code, ({ header, content }) => {
      if (header.msg_type === "stream") seen += String(content.text).split("\n").length - 1;
    });
    if (seen !== lines) throw new Error(`${name}: ${seen} of ${lines} lines came`);
    rates[name] = lines / ms;
    console.log(`   ${name}: ${rates[name].toFixed(0)}`);
  }
  await session.end();
  return { name: "output, thousands of lines a second", rates };
}

/** From an interrupt to the idle status of a cell that floods, in ms. */
async function interrupts(): Promise<object> {
  console.log("\n== interrupt of a flood: ms to the cell's idle status, median and most of 10");
  const session = new Session();
  await session.run("let i = 0");
  const floods = ["console.log(i++)", "console.error(i++)", "display(i++)", "display(i++, { id: 'd' })"];
  const result: Record<string, number[]> = {};
  for (const flood of floods) {
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
      const done = session.run(`for (;;) ${flood}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const start = performance.now();
      await session.interrupt();
      await done;
      times.push(performance.now() - start);
    }
    result[flood] = times;
    console.log(`   ${flood}: ${median(times).toFixed(0)}, ${Math.max(...times).toFixed(0)}`);
  }
  await session.end();
  return { name: "interrupt of a flood, ms", result };
}

/** Memory of each kind of process, in bytes. */
function byProcess(kernel: number, engine: number): Record<string, number> {
  const memory: Record<string, number> = {};
  for (const one of memoryOfTree(kernel)) {
    const name = one.pid === kernel ? "kernel" : one.pid === engine ? "engine" : kind(one);
    memory[name] = (memory[name] ?? 0) + one.bytes;
  }
  return memory;
}

const kind = ({ command }: ProcessMemory) => (command.includes("engine.cjs") ? "spare" : "types");

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

void main(process.argv[2]);
