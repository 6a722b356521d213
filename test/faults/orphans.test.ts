/** A kernel ends with its client, however that ends, and leaves nothing: no process, no temporary file, no socket, no shared memory. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasPython } from "../python.ts";

/** A client that starts a kernel, has it run cells, and says the kernel's process id and what the cells print. */
const client = `
const { spawn } = require("node:child_process");
const [bundle, how, cells] = process.argv.slice(2);
const ipc = how === "ipc";
const kernel = spawn(process.execPath, [bundle, "kernel", ipc ? "--ipc" : how], {
  stdio: ["ignore", "inherit", "inherit", ...(ipc ? ["ipc"] : [])],
  ...(ipc && { serialization: "advanced" }),
  env: { ...process.env, ...(ipc ? {} : { JPY_PARENT_PID: String(process.pid) }) },
});
console.log("kernel " + kernel.pid);
setInterval(() => {}, 1000);
process.on("SIGUSR2", () => kernel.disconnect());
if (ipc) {
  kernel.on("message", ({ header, content }) => {
    if (header.msg_type === "stream") process.stdout.write(content.text);
    if (header.msg_type === "error") console.log(content.evalue);
  });
  for (const [i, code] of JSON.parse(cells).entries())
    kernel.send({
      channel: "shell",
      header: { msg_id: "m" + i, msg_type: "execute_request", session: "s", username: "u", date: new Date().toISOString(), version: "5.5" },
      parent_header: {}, metadata: {}, buffers: [],
      content: { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true },
    });
}
`;

describe.runIf(process.platform === "linux")("a kernel whose client is gone", () => {
  let folder: string;
  let temporary: string;
  let shared: string[];
  let started: ChildProcess;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tandem-orphans-"));
    temporary = join(folder, "tmp");
    mkdirSync(temporary);
    shared = readdirSync("/dev/shm");
  });
  afterEach(() => {
    started.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the client; resolves to the kernel's process id once "go" was printed, or at once where no cell runs. */
  async function start(how: string, cells: readonly string[] = []): Promise<number> {
    const script = join(folder, "client.cjs");
    writeFileSync(script, client);
    const bundle = join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs");
    started = spawn(process.execPath, [script, bundle, how, JSON.stringify(cells)], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, TANDEM_HISTORY: join(folder, "history") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let kernel = 0;
    const lines = createInterface({ input: started.stdout ?? process.stdin });
    for await (const line of lines) {
      if (line.startsWith("kernel ")) kernel = Number(line.slice(7));
      if (cells.length === 0 || line === "go") break;
    }
    return kernel;
  }

  async function expectNothingLeft(kernel: number, all: readonly number[]): Promise<void> {
    expect(all.length).toBeGreaterThan(0);
    while (isAlive(kernel) || all.some(isAlive)) await sleep(20);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync("/dev/shm").filter((name) => !shared.includes(name) && /tandem/i.test(name))).toEqual(
      [],
    );
  }

  const busy: Readonly<Record<string, string>> = {
    "an endless loop": "console.log('go'); while (true) {}",
    "a pending await": "console.log('go'); await new Promise(() => {})",
    nothing: "console.log('go')",
  };
  const child =
    "require('child_process').spawn('sleep', ['300']); new Worker('setInterval(() => {}, 1e3)', { eval: true }); 0";
  for (const [name, code] of Object.entries(busy)) {
    test(`that was killed, while it runs ${name}`, async () => {
      const kernel = await start("ipc", [`const { Worker } = require('worker_threads'); ${child}`, code]);
      // The spare starts, and TypeScript's server.
      await sleep(name === "nothing" ? 1500 : 100);
      const all = descendants(kernel);
      started.kill("SIGKILL");
      await expectNothingLeft(kernel, all);
    });
  }

  test("that closed the channel", async () => {
    const kernel = await start("ipc", ["console.log('go'); while (true) {}"]);
    const all = descendants(kernel);
    started.kill("SIGUSR2");
    await expectNothingLeft(kernel, all);
  });

  test("and that itself was killed", async () => {
    const kernel = await start("ipc", [
      `const { Worker } = require('worker_threads'); ${child}`,
      "console.log('go'); while (true) {}",
    ]);
    const all = descendants(kernel);
    process.kill(kernel, "SIGKILL");
    await expectNothingLeft(kernel, all);
  });

  test.runIf(hasPython)("with arrays shared with Python", { timeout: 120_000 }, async () => {
    const cells = [
      "const a = new Float64Array(1e6)",
      "%%python --in a\nprint(len(a), flush=True)",
      "console.log('go'); while (true) {}",
    ];
    const kernel = await start("ipc", cells);
    const all = descendants(kernel);
    started.kill("SIGKILL");
    await expectNothingLeft(kernel, all);
  });

  for (const transport of ["tcp", "ipc"]) {
    test(`that is a Jupyter client, by ${transport}`, async () => {
      const ip = transport === "ipc" ? join(folder, "socket") : "127.0.0.1";
      const port = transport === "ipc" ? 0 : 20_000 + (process.pid % 20_000);
      const file = join(folder, "connection.json");
      const ports = Object.fromEntries(
        ["shell", "control", "stdin", "iopub", "hb"].map((name, i) => [`${name}_port`, port + i + 1]),
      );
      writeFileSync(
        file,
        JSON.stringify({ transport, ip, key: "k", signature_scheme: "hmac-sha256", ...ports }),
      );
      const kernel = await start(file);
      while (descendants(kernel).length < 1) await sleep(20);
      if (transport === "ipc") while (!existsSync(`${ip}-${port + 5}`)) await sleep(20);
      const all = descendants(kernel);
      started.kill("SIGKILL");
      await expectNothingLeft(kernel, all);
      expect(readdirSync(folder).filter((name) => name.startsWith("socket"))).toEqual([]);
    });
  }
});

/** All processes below a process. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
    const stat = statOf(Number(name));
    if (stat) parents.set(Number(name), Number(stat[1]));
  }
  const below = (parent: number): number[] =>
    [...parents].flatMap(([one, of]) => (of === parent ? [one, ...below(one)] : []));
  return below(pid);
}

/** A zombie that nobody has waited for yet is dead. */
function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat[0] !== "Z";
}

/** State and parent. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
