import { seeded, shuffle } from "../../../kernel/measure/random.ts";
import { medianRatio, quantile } from "../../../kernel/measure/statistics.ts";
import { type Judged, standing, type Target } from "../harness/compare.ts";
import { targetLine } from "../harness/report.ts";
import { Client, type Launch } from "./client.ts";
import type { LaunchOrReason } from "./kernels.ts";
import { memoryOfTree } from "./memory.ts";

/** How long a kernel has to start what it keeps ready (a spare engine, the type service), in ms. */
const SETTLE = 3000;

const targets: readonly Target[] = [
  { what: "without spare and types", of: "tandem, kernel and engine", to: "deno", atMost: 0.75 },
  { what: "with spare and types", of: "tandem", to: "deno", atMost: 1.2 },
];

/** Memory of all processes after the first cell, in bytes by side and round, and the targets judged. */
export async function compareMemory(
  kernels: { tandem: Launch; deno: LaunchOrReason; tslab: LaunchOrReason },
  rounds = 9,
): Promise<{ title: string; sides: Record<string, number[]>; targets: Judged[] }> {
  const title = "memory after the first cell (PSS of all processes)";
  const sides: Record<string, number[]> = {};
  const add = (name: string, bytes: number) => {
    sides[name] = [...(sides[name] ?? []), bytes];
  };
  const random = seeded(1);
  const launches = Object.entries(kernels).flatMap(([name, launch]) =>
    "notRun" in launch ? [] : [{ name, launch }],
  );
  for (let round = 0; round < rounds; round++) {
    for (const { name, launch } of shuffle([...launches], random)) {
      const client = await Client.start(launch);
      try {
        await client.ready();
        await client.run("1+1");
        const engine = name === "tandem" ? Number(await client.text("process.pid")) : undefined;
        await new Promise((resolve) => setTimeout(resolve, SETTLE));
        const memory = memoryOfTree(client.pid);
        const total = (some: typeof memory) => some.reduce((sum, { bytes }) => sum + bytes, 0);
        add(name, total(memory));
        // Pages that the spare shares with them count for less than they would alone: all of them do, by a little.
        const two = memory.filter(({ pid }) => pid === client.pid || pid === engine);
        if (engine !== undefined) add("tandem, kernel and engine", total(two));
      } finally {
        await client.close();
      }
    }
  }
  const judged = targets.map((target): Judged => {
    const [of, to] = [sides[target.of], sides[target.to]];
    if (!of || !to) return { ...target, ratio: null, interval: null, standing: "not run" };
    const { value, interval } = medianRatio(of, to, random);
    return { ...target, ratio: value, interval, standing: standing(target, interval) };
  });
  console.log(`\n== ${title}`);
  for (const [name, bytes] of Object.entries(sides)) {
    console.log(`   ${name}: ${(quantile(bytes, 0.5) / 2 ** 20).toFixed(0)} MiB`);
  }
  for (const target of judged) console.log(`   ${targetLine(target)}`);
  return { title, sides, targets: judged };
}
