// The kernel beside Deno's and tslab's: how soon it stands, what a cell, a completion and its memory cost.
import { performance } from "node:perf_hooks";
import { seeded } from "../../../kernel/measure/random.ts";
import type { Runner } from "../../../kernel/measure/rounds.ts";
import { median } from "../../../kernel/measure/statistics.ts";
import { type Comparison, compare, type SideOrReason, type Target } from "../harness/compare.ts";
import { keep, print } from "../harness/report.ts";
import { runBareEngine, runBareKernel } from "./bare.ts";
import { Client, type Launch } from "./client.ts";
import { runEmptyKernel } from "./empty.ts";
import { kernels, type LaunchOrReason } from "./kernels.ts";
import { compareMemory } from "./memory-run.ts";

const [mode, file] = process.argv.slice(2);
if (mode === "empty" && file !== undefined) void runEmptyKernel(file);
else if (mode === "bare" && file !== undefined) void runBareKernel(file);
else if (mode === "bare-engine") runBareEngine();
else void main(mode);

let names = 0;
const typedCell = () => {
  const name = `value${++names}`;
  return `interface Row${names} { price: number; count: number }
const ${name}: Row${names}[] = [{ price: 1.5, count: 2 }, { price: 2, count: 3 }];
${name}.map(({ price, count }: Row${names}) => price * count).reduce((a, b) => a + b, 0)`;
};

/** @param only part of a title: what does not have it is left out */
async function main(only = ""): Promise<void> {
  const { bare, empty, ...launches } = kernels(import.meta.dirname);
  const found: unknown[] = [];
  const wanted = (title: string) => title.includes(only);
  const measure = async (
    title: string,
    sides: Record<string, SideOrReason>,
    targets: readonly Target[],
    budget: number,
  ): Promise<Comparison> => {
    const comparison = await compare(title, sides, targets, { budget });
    print(comparison);
    found.push(comparison);
    return comparison;
  };

  if (wanted("spawn")) {
    await measure(
      "spawn → first 1+1 done",
      each(launches, started),
      [
        { what: "against Deno", of: "tandem", to: "deno", atMost: 0.8 },
        { what: "against tslab", of: "tandem", to: "tslab", atMost: 0.15 },
      ],
      90,
    );
  }
  if (wanted("memory") && process.platform === "linux") found.push(await compareMemory(launches));

  const strict = { ...launches.tandem };
  const clients = await startAll({ ...launches, strict, bare, empty });
  const { tandem, deno, tslab } = clients;
  try {
    if (!("notRun" in clients.strict)) await clients.strict.run("%config check = strict");
    const simple = { tandem, deno, tslab, bare: clients.bare, empty: clients.empty };
    const typed = { tandem, deno, tslab, strict: clients.strict };
    const typedTargets: Target[] = [
      { what: "against Deno", of: "tandem", to: "deno", atMost: 1 },
      { what: "against tslab", of: "tandem", to: "tslab", atMost: 0.1 },
      { what: "check = strict against tslab", of: "strict", to: "tslab", atMost: 0.35 },
    ];
    if (wanted("1+1")) {
      const comparison = await measure(
        "1+1",
        each(simple, (client) => timed(() => client.run("1+1"))),
        [{ what: "against Deno", of: "tandem", to: "deno", atMost: 1 }],
        90,
      );
      found.push(overhead(comparison));
    }
    const typedSides = () => each(typed, (client) => timed(() => client.run(typedCell())));
    if (wanted("typed cell")) {
      await measure("a typed cell", typedSides(), typedTargets, 60);
      // Those that are slow have run fewer by now.
      for (const client of Object.values(typed)) {
        if (!("notRun" in client)) for (let cell = 0; cell < 50; cell++) await client.run(typedCell());
      }
      await measure("a typed cell after 50 cells and more", typedSides(), typedTargets, 60);
    }
    if (wanted("lines")) {
      const count = 20_000;
      const code = `for (let i = 0; i < ${count}; i++) console.log("a line of usual length, with a number:", i)`;
      const print = (client: Client) => client.print(code, count);
      const whole: Record<string, Client | { readonly notRun: string }> = {};
      for (const [name, client] of Object.entries({ tandem, deno, tslab })) {
        whole[name] =
          "notRun" in client
            ? client
            : await print(client).then(
                () => client,
                ({ message }: Error) => ({ notRun: message }),
              );
      }
      await measure(
        "20,000 lines by console.log, up to the last of them",
        each(whole, (client) => timed(() => print(client))),
        [],
        60,
      );
    }
    if (wanted("completion")) {
      const complete = (client: Client) => async () => {
        const matches = await client.complete(`const fresh${++names} = [${names}, 2]; fresh${names}.toL`);
        if (!matches.some((match) => match.includes("toLocaleString")))
          throw new Error("No completion of toLocaleString.");
      };
      await measure(
        "completion on new text",
        each({ tandem, tslab }, (client) => timed(complete(client))),
        [{ what: "against tslab", of: "tandem", to: "tslab", atMost: 0.5 }],
        30,
      );
    }
  } finally {
    for (const client of Object.values(clients)) if (!("notRun" in client)) await client.close();
  }
  keep("kernel", found);
  process.exit(0);
}

/**
 * Between two requests, in ms, untimed: a person's pause, however short. (tslab hangs where the next one comes before it has
 * sent all of its last answer.)
 */
const PAUSE = 60;

/** A call is a request and its answer: the clock is the client's. */
function timed(run: () => Promise<unknown>): Runner {
  return {
    async sample(calls) {
      let seconds = 0;
      for (let call = 0; call < calls; call++) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        const start = performance.now();
        await run();
        seconds += (performance.now() - start) / 1000;
      }
      return { seconds, cpuSeconds: 0 };
    },
  };
}

/** From the spawn to the reply to the first cell; ending the kernel is not timed. */
function started(launch: Launch): Runner {
  return {
    async sample(calls) {
      let seconds = 0;
      for (let call = 0; call < calls; call++) {
        seconds += await startOnce(launch);
      }
      return { seconds, cpuSeconds: 0 };
    },
  };
}

/** tslab now and then loses what is sent to it while it starts: then it starts again. */
async function startOnce(launch: Launch, attempts = 3): Promise<number> {
  const start = performance.now();
  const client = await Client.start(launch);
  try {
    await client.run("1+1");
    return (performance.now() - start) / 1000;
  } catch (error) {
    if (attempts === 1) throw error;
  } finally {
    await client.close();
  }
  return startOnce(launch, attempts - 1);
}

/** A side for each thing that is there. */
function each<T extends object>(
  things: Record<string, T | { readonly notRun: string }>,
  side: (thing: T) => Runner,
): Record<string, SideOrReason> {
  return Object.fromEntries(
    Object.entries(things).map(([name, thing]) => [name, "notRun" in thing ? thing : side(thing)]),
  );
}

async function startAll<Name extends string>(
  launches: Record<Name, LaunchOrReason>,
): Promise<Record<Name, Client | { readonly notRun: string }>> {
  const all: [string, Client | { readonly notRun: string }][] = [];
  for (const [name, launch] of Object.entries<LaunchOrReason>(launches)) {
    if ("notRun" in launch) all.push([name, launch]);
    else {
      const client = await Client.start(launch);
      await client.ready();
      await client.run("1+1");
      console.log(`${name} runs.`);
      all.push([name, client]);
    }
  }
  // The same names.
  return Object.fromEntries(all) as Record<Name, Client | { readonly notRun: string }>;
}

/** What a cell costs above a kernel that only answers, in seconds; at most 1 ms is wanted. */
function overhead({ result }: Comparison): object {
  const rounds = (name: string) => result.sides.find((side) => side.name === name)?.rounds ?? [];
  const empty = rounds("empty");
  const differences = rounds("tandem").flatMap((seconds, round) => {
    const least = empty[round];
    return seconds === null || least === null || least === undefined ? [] : [seconds - least];
  });
  const estimate = median(differences, seeded(1));
  const [low, high] = (estimate.interval ?? [Number.NaN, Number.NaN]).map((seconds) => 1000 * seconds);
  const standing = Number(high) <= 1 ? "MET" : Number(low) > 1 ? "MISSED" : "OPEN";
  console.log(
    `   ${standing}  above an empty kernel, at most 1 ms: ${(1000 * estimate.value).toFixed(2)} ms (${low?.toFixed(2)}–${high?.toFixed(2)})`,
  );
  return { title: "above an empty kernel, seconds", ...estimate };
}
