import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "./client.ts";
import type { Message } from "./message.ts";

// One kernel over Node IPC, as VS Code has it.
let child: ChildProcess;
let client: KernelClient;
let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "tandem-test-"));
  child = fork(join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs"), ["kernel", "--ipc"], {
    serialization: "advanced",
    execArgv: [],
    env: { ...process.env, TANDEM_CACHE: cache },
  });
  client = new KernelClient(child);
});
afterAll(async () => {
  const exit = once(child, "exit");
  child.disconnect();
  await exit;
  rmSync(cache, { recursive: true, force: true });
});

/** Sends a cell; `seen` fills with its messages. */
function start(code: string) {
  const seen: Message[] = [];
  const done = client.request("shell", "execute_request", { code, allow_stdin: true }, (message) =>
    seen.push(message),
  );
  return { seen, done };
}

async function run(code: string): Promise<Message[]> {
  const { seen, done } = start(code);
  expect((await done).content.status).toBe("ok");
  return seen;
}

const text = (messages: readonly Message[], name = "stdout") =>
  messages
    .filter(({ header, content }) => header.msg_type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");

const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");

test("20,000 lines of a cell, a child process and a thread come whole, in few messages, before idle", async () => {
  const cells = [
    "for (let i = 0; i < 20_000; i++) console.log('line ' + i)",
    `require("child_process").execSync("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done", { stdio: "inherit" }); 0`,
    `const worker = new (require("worker_threads").Worker)("for (let i = 0; i < 20_000; i++) console.log('line ' + i)", { eval: true });
     await new Promise((done) => worker.on("exit", done)); 0`,
  ];
  for (const cell of cells) {
    const seen = await run(cell);
    // Compared as a whole: the difference of two such texts takes longer to print than anyone reads.
    expect(text(seen) === LINES).toBe(true);
    expect(seen.length).toBeLessThan(500);
    expect(seen.at(-1)?.content.execution_state).toBe("idle");
  }
});

test("5,000 cells sent at once lose no busy, no idle and no reply, in their order", async () => {
  await run("%config check = off");
  const order: string[] = [];
  const all = Array.from({ length: 5000 }, (_, i) =>
    client
      .request("shell", "execute_request", { code: `${i}` }, ({ header, content }) => {
        if (header.msg_type === "status") order.push(`${i} ${content.execution_state}`);
        if (header.msg_type === "execute_result") order.push(`${i} is ${JSON.stringify(content.data)}`);
      })
      .then(({ content }) => content.execution_count),
  );
  const counts = await Promise.all(all);
  const first = Number(counts[0]);
  expect(counts).toEqual(counts.map((_, i) => first + i));
  const expected = counts.flatMap((_, i) => [`${i} busy`, `${i} is {"text/plain":"${i}"}`, `${i} idle`]);
  expect(order).toEqual(expected);
  await run("%config check = warn");
});

test("a flood is shown up to the limit, counted and saved past it, and ends by an interrupt", async () => {
  await run("%config output_limit = 50 KB");
  const { seen, done } = start("for (let i = 0; ; i++) console.log(i)");
  while (!seen.some(({ header }) => header.msg_type === "update_display_data")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await client.request("control", "interrupt_request", {});
  expect((await done).content.ename).toBe("Interrupted");
  await run("%config output_limit = 5 MB");
  expect(text(seen).length).toBeLessThanOrEqual(50_000);
  const notes = seen.filter(({ header }) => /display_data$/.test(header.msg_type));
  const note = JSON.stringify(notes.at(-1)?.content.data);
  const left = Number(/([\d,]+) lines/.exec(note)?.[1]?.replaceAll(",", ""));
  const file = /\S+\.txt/.exec(note)?.[0] ?? "";
  const saved = readFileSync(file, "utf8").split("\n");
  const shown = text(seen).split("\n").length - 1;
  expect(saved.length - 1).toBe(shown + left);
  expect(saved.slice(0, -1).every((line, i) => line === String(i))).toBe(true);
});

test("100,000 displays and updates of one leave a client and a kernel that work", async () => {
  const displays = await run("for (let i = 0; i < 10_000; i++) display(i)");
  const shown = displays.filter(({ header }) => header.msg_type === "display_data");
  expect(shown).toHaveLength(5001);
  const updates = await run(
    "display('first', { id: 'd' }); for (let i = 0; i < 100_000; i++) display(i, { id: 'd' })",
  );
  const sent = updates.filter(({ header }) => header.msg_type === "update_display_data");
  expect(sent.length).toBeLessThan(10_000);
  expect(sent.at(-1)?.content.data).toEqual({ "text/plain": "99999" });
});

test("an interval's output goes on in its own cell, between cells and beside others", async () => {
  const interval = start("let n = 0; const timer = setInterval(() => console.log(n++), 2)");
  await interval.done;
  while (!text(interval.seen).includes("5\n")) await new Promise((resolve) => setTimeout(resolve, 5));
  const other = await run(
    "console.log('other'); await new Promise((go) => setTimeout(go, 50)); clearInterval(timer); console.log(n)",
  );
  const last = Number(/other\n(\d+)\n/.exec(text(other))?.[1]);
  // What waits for more of it goes out a moment later.
  while (!text(interval.seen).endsWith(`${last - 1}\n`))
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(text(interval.seen)).toBe(Array.from({ length: last }, (_, i) => `${i}\n`).join(""));
});

test("rejections that nobody handles, without end, are shown and ended by an interrupt", async () => {
  const { seen, done } = start(
    "for (;;) { Promise.reject(new Error('nobody')); await new Promise((go) => setTimeout(go)) }",
  );
  while (text(seen, "stderr").split("nobody").length < 100)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await client.request("control", "interrupt_request", {});
  expect((await done).content.ename).toBe("Interrupted");
  expect(text(await run("console.log('lives')"))).toBe("lives\n");
});
