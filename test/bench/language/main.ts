// The language server on a notebook of 300 cells, beside Deno's: how soon it tells of mistakes, how soon it completes, its memory.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { compare, type SideOrReason } from "../harness/compare.ts";
import { type Fact, factOf } from "../harness/facts.ts";
import { installPeers } from "../harness/peers.ts";
import { keep, print } from "../harness/report.ts";
import { printTable } from "../harness/table.ts";
import { denoPath } from "../kernel/kernels.ts";
import { memoryOfTree } from "../kernel/memory.ts";
import { NotebookServer, type ServerLaunch } from "./client.ts";

const CELLS = 300;
/** How often each server is started anew. */
const STARTS = 9;
/** Cells with a mistake: the first, one in the middle, the last. */
const WRONG = [0, 150, CELLS - 1];
/** What the editor waits for at most, in ms. */
const COMPLETION = 60;
const FIRST = 3000;

const ours: ServerLaunch = {
  command: process.execPath,
  args: [join(process.cwd(), "dist", "language.cjs"), "--stdio"],
  initializationOptions: { trusted: true },
  settings: {},
  language: "tandem-typescript",
};

/** Deno is among the peers of the kernel's suite. */
const peers = join(import.meta.dirname, "..", "kernel");
const missing = installPeers(peers);
const theirs: ServerLaunch | { notRun: string } = missing
  ? { notRun: missing }
  : {
      command: denoPath(peers),
      args: ["lsp"],
      initializationOptions: { enable: true },
      settings: { deno: { enable: true }, typescript: {}, javascript: {} },
      language: "typescript",
    };

const sides: Record<string, ServerLaunch | { notRun: string }> = { tandem: ours, deno: theirs };
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-bench-")));
const facts: Fact[] = [];
const found: unknown[] = [];

/** Cells such as people write: types, functions, data, and uses of what stands in cells above. */
function cellText(i: number): string {
  const own = `interface Row${i} { id: number; name: string; tags: string[] }
function describe${i}(row: Row${i}): string { return \`\${row.id} \${row.name} \${row.tags.join()}\` }
const rows${i}: Row${i}[] = [{ id: ${i}, name: "n", tags: ["a", "b"] }];
let count${i} = rows${i}.length;
class Store${i} { constructor(readonly rows: Row${i}[]) {} first() { return this.rows[0] } }`;
  const uses =
    i > 0
      ? `\nconst text${i} = describe${i - 1}(rows${i - 1}[0]!) + count${i - 1} + new Store${i - 1}(rows${i - 1}).first()?.name`
      : "";
  return own + uses + (WRONG.includes(i) ? `\nconst wrong${i}: number = "text"` : "");
}
const cells = Array.from({ length: CELLS }, (_, i) => cellText(i));

async function starts(): Promise<void> {
  const times: Record<string, { first: number[]; all: number[] }> = {};
  for (let round = 0; round < STARTS; round++)
    for (const [name, launch] of Object.entries(sides)) {
      if ("notRun" in launch) continue;
      const server = await NotebookServer.start(launch, folder, cells);
      await server.toldOf(WRONG);
      const of = times[name] ?? { first: [], all: [] };
      times[name] = of;
      of.first.push(Math.min(...server.told.values()));
      of.all.push(Math.max(...server.told.values()));
      await server.close();
    }
  for (const [name, { first, all }] of Object.entries(times)) {
    facts.push(
      factOf(`${name}: start → first diagnostics`, first, "ms", name === "tandem" ? FIRST : undefined),
    );
    facts.push(factOf(`${name}: start → the last mistake told`, all, "ms"));
  }
}

async function completions(): Promise<void> {
  const servers: Record<string, NotebookServer | { notRun: string }> = {};
  for (const [name, launch] of Object.entries(sides)) {
    if ("notRun" in launch) servers[name] = launch;
    else {
      servers[name] = await NotebookServer.start(launch, folder, cells);
      await (servers[name] as NotebookServer).toldOf(WRONG);
    }
  }
  const measured: Record<string, number[]> = {};
  const side = (name: string, server: NotebookServer | { notRun: string }, kind: string): SideOrReason => {
    if ("notRun" in server) return server;
    let n = 0;
    const samples: number[] = [];
    measured[`${name}: ${kind}`] = samples;
    return {
      async sample(calls) {
        let seconds = 0;
        for (let call = 0; call < calls; call++) {
          // A person's pause, in which the checks of the edit before run.
          await new Promise((resolve) => setTimeout(resolve, 60));
          const cell = 20 + (++n % 200);
          const added = kind === "a member" ? `// ${n}\nrows${cell - 1}[0]!.na` : `// ${n}\ndescri`;
          const wanted = kind === "a member" ? "name" : `describe${cell - 1}`;
          const { ms, labels } = await server.editAndComplete(cell, added);
          if (!labels.includes(wanted))
            throw new Error(`${name} does not complete ${wanted}: ${labels.slice(0, 5)}`);
          samples.push(ms);
          seconds += ms / 1000;
        }
        return { seconds, cpuSeconds: 0 };
      },
    } satisfies Runner;
  };
  for (const kind of ["a member", "a name of another cell"]) {
    const runners = Object.fromEntries(
      Object.entries(servers).map(([name, server]) => [name, side(name, server, kind)]),
    );
    const comparison = await compare(`edit → completion of ${kind}`, runners, [], { budget: 60 });
    print(comparison);
    found.push(comparison);
  }
  for (const [what, samples] of Object.entries(measured))
    facts.push(
      factOf(`${what}, edit → completion`, samples, "ms", what.startsWith("tandem") ? COMPLETION : undefined),
    );
  for (const [name, server] of Object.entries(servers)) {
    if ("notRun" in server || process.platform !== "linux") continue;
    for (const { command, bytes } of memoryOfTree(server.process.pid ?? 0))
      facts.push({ what: `${name}: memory of ${command.slice(-40)}`, value: bytes / 2 ** 20, unit: "MiB" });
    await server.close();
  }
}

async function main(): Promise<void> {
  try {
    await starts();
    await completions();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  printTable([], facts);
  for (const { what, value, unit } of facts) console.log(`   ${what}: ${value.toFixed(1)} ${unit}`);
  keep("language", { facts, found });
  process.exit(0);
}
void main();
