/** Broken input: whatever comes over the sockets, the kernel lives, keeps its memory, and answers by the schema. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Dealer, Subscriber } from "zeromq";
import { SOCKETS } from "../../kernel/wire/connection.ts";
import { decode, encode } from "../../kernel/wire/frames.ts";
import { newMessage } from "../../kernel/wire/header.ts";
import type { Channel, Message } from "../../kernel/wire/message.ts";
import { type Fuzzed, fuzzedMessages } from "./fuzz-messages.ts";
import { schemaProblem } from "./message-schema.ts";

/** How many messages; `TANDEM_FUZZ=100000` for a long run. */
const COUNT = Number(process.env.TANDEM_FUZZ ?? 5_000);
const SEED = Number(process.env.TANDEM_FUZZ_SEED ?? 20260);
const BATCH = 250;
const KEY = "a key of the test's";

let folder: string;
let pid: number;
let stop: () => Promise<void>;
let ended = false;
let given = 0;
const problems: string[] = [];
const heard = new Map<string, number>();
const waiting = new Map<string, () => void>();
type Requests = "shell" | "control" | "stdin";
let sockets: Record<Requests, Dealer>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-fuzz-"));
  const ports = await Promise.all(SOCKETS.map(() => freePort()));
  const fields = Object.fromEntries(SOCKETS.map((name, i) => [`${name}_port`, ports[i]]));
  const file = join(folder, "connection.json");
  const connection = { transport: "tcp", ip: "127.0.0.1", key: KEY, signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify({ ...connection, ...fields }), { mode: 0o600 });
  const bundle = join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs");
  const env = { ...process.env, TANDEM_HISTORY: join(folder, "history") };
  const child = spawn(process.execPath, [bundle, "kernel", file], { cwd: folder, env, stdio: "ignore" });
  pid = child.pid ?? 0;
  const exit = once(child, "exit").then(() => {
    ended = true;
  });
  stop = async () => {
    child.kill("SIGTERM");
    await exit;
  };
  const dealer = (name: Requests) => {
    const socket = new Dealer({
      linger: 0,
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
      routingId: "fuzz",
    });
    socket.connect(`tcp://127.0.0.1:${fields[`${name}_port`]}`);
    void listen(socket, name);
    return socket;
  };
  sockets = { shell: dealer("shell"), control: dealer("control"), stdin: dealer("stdin") };
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  iopub.connect(`tcp://127.0.0.1:${fields.iopub_port}`);
  iopub.subscribe("");
  void listen(iopub, "iopub");
});

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Checks everything that the kernel says. */
async function listen(socket: AsyncIterable<Uint8Array[]>, channel: Channel): Promise<void> {
  for await (const frames of socket) {
    const message = decode(frames, KEY, channel);
    const problem = message ? schemaProblem(message) : "a message that is not signed, or none at all";
    if (problem && problems.length < 20) problems.push(problem);
    if (message) take(message);
  }
}

function take(message: Message): void {
  const type = message.header.msg_type;
  heard.set(type, (heard.get(type) ?? 0) + 1);
  const id = message.parent_header.msg_id;
  if (id === undefined || message.channel === "iopub") return;
  waiting.get(id)?.();
  waiting.delete(id);
}

/** Resolves when the kernel has answered a request of ours, so has dealt with all before it. */
async function answered(channel: "shell" | "control", type: string, content = {}): Promise<void> {
  const request = newMessage(channel, type, "probe", content);
  const reply = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No answer to ${type}, after message ${given}.`)),
      60_000,
    );
    waiting.set(request.header.msg_id, () => {
      clearTimeout(timer);
      resolve();
    });
  });
  await sockets[channel].send(encode(request, KEY));
  await reply;
}

async function give(messages: readonly Fuzzed[]): Promise<void> {
  given += messages.length;
  for (const { channel, frames } of messages) await sockets[channel].send(frames);
  await answered("control", "kernel_info_request");
  // Behind every cell that waits.
  await answered("shell", "execute_request", { code: "", silent: true });
  expect(ended).toBe(false);
}

/** Of the kernel process, in MB; undefined where there is no /proc. */
function memory(): number | undefined {
  if (process.platform !== "linux") return undefined;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

it(`outlives ${COUNT} messages that nobody should send`, { timeout: 40 * 60_000 }, async () => {
  await answered("shell", "execute_request", { code: "1" });
  const samples: number[] = [];
  for (let sent = 0; sent < COUNT; sent += BATCH) {
    await give(fuzzedMessages(SEED + sent, BATCH, KEY));
    samples.push(memory() ?? 0);
  }
  expect(problems).toEqual([]);
  // The fuzz reaches the handlers: answers of each kind came.
  for (const type of ["execute_reply", "complete_reply", "history_reply", "comm_close", "debug_reply"]) {
    expect(heard.get(type) ?? 0).toBeGreaterThan(COUNT / 1000);
  }
  const early = Math.max(...samples.slice(0, Math.ceil(samples.length / 2)));
  const late = Math.max(...samples.slice(Math.ceil(samples.length / 2)));
  console.log(
    `${COUNT} messages: at most ${early.toFixed()} MB in the first half, ${late.toFixed()} MB after`,
  );
  expect(late - early).toBeLessThan(60);
});

it("outlives junk of a megabyte on each socket, in one frame and in many", async () => {
  const big = Buffer.alloc(1024 * 1024, 0x7b);
  const many = Array.from({ length: 1000 }, () => big.subarray(0, 1024));
  const signed = newMessage("shell", "x_request", "fuzz", { junk: big.toString() });
  for (const channel of ["shell", "control", "stdin"] as const) {
    await give([big, signed].map((one) => ({ channel, frames: one === big ? [big] : encode(signed, KEY) })));
    await give([
      { channel, frames: many },
      { channel, frames: [Buffer.from("<IDS|MSG>"), ...many] },
    ]);
  }
  expect(problems).toEqual([]);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
