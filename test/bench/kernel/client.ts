import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { parseConnection } from "../../../kernel/wire/connection.ts";
import { decode, encode } from "../../../kernel/wire/frames.ts";
import { newMessage } from "../../../kernel/wire/header.ts";
import type { Message } from "../../../kernel/wire/message.ts";

/** How a kernel is started on a connection file. */
export interface Launch {
  readonly command: string;
  args(connectionFile: string): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Pending {
  /** What is still to come: kinds of messages, and lines of stdout. */
  readonly ends: Set<string>;
  lines: number;
  readonly seen: Message[];
  readonly done: () => void;
}

// Node 20 reads it at each start, 40 ms for a usual list of certificates, which is no kernel's doing.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** How long an answer may take, in ms. */
const LIMIT = 20_000;

const execution = {
  silent: false,
  store_history: true,
  user_expressions: {},
  allow_stdin: false,
  stop_on_error: true,
};

/** A kernel in a process of its own and a client of it over ZeroMQ: the same client for every kernel. */
export class Client {
  readonly pid: number;
  readonly #name: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "tandem-bench-kernel-"));
  readonly #process: ChildProcess;
  readonly #session = randomUUID();
  readonly #key = randomUUID();
  // ZeroMQ's own 100 ms between attempts to connect would be what a start takes.
  readonly #shell = new Dealer({ linger: 0, reconnectInterval: 2 });
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, reconnectInterval: 2 });
  readonly #pending = new Map<string, Pending>();

  private constructor(
    launch: Launch,
    ports: readonly number[],
    readonly attended: boolean,
  ) {
    this.#name = [launch.command, ...launch.args("")].join(" ").trim();
    const [shell, control, stdin, iopub, hb] = ports;
    const file = join(this.#folder, "connection.json");
    const connection = {
      transport: "tcp",
      ip: "127.0.0.1",
      key: this.#key,
      signature_scheme: "hmac-sha256",
      shell_port: shell,
      control_port: control,
      stdin_port: stdin,
      iopub_port: iopub,
      hb_port: hb,
    };
    const text = JSON.stringify(connection);
    writeFileSync(file, text);
    this.#process = spawn(launch.command, launch.args(file), {
      cwd: this.#folder,
      stdio: "ignore",
      env: { ...environment, ...launch.env },
    });
    if (this.#process.pid === undefined) throw new Error(`${launch.command} cannot be started`);
    this.pid = this.#process.pid;
    const { endpoints } = parseConnection(text);
    this.#shell.connect(endpoints.shell);
    this.#iopub.connect(endpoints.iopub);
    this.#iopub.subscribe("");
    void this.#receive("shell").catch(() => {});
    void this.#receive("iopub").catch(() => {});
  }

  /**
   * Starts a kernel; what is sent to it before its sockets are open waits in ours. `attended`: it is told that somebody sits
   * there who can be asked.
   */
  static async start(launch: Launch, attended = false): Promise<Client> {
    return new Client(launch, await freePorts(5), attended);
  }

  /** Waits until the kernel's publisher reaches us: a first request answered on both sockets. */
  async ready(): Promise<void> {
    // What is published before the subscription stands is lost, so it is asked again.
    for (let attempt = 0; attempt < 600; attempt++) {
      const asked = this.#ask("kernel_info_request", {}, ["kernel_info_reply", "idle"]);
      const answered = await Promise.race([asked.then(() => true), pause(100).then(() => false)]);
      if (answered) return;
    }
    throw new Error("The kernel does not answer.");
  }

  /**
   * Runs a cell up to its reply, and throws its error. Its idle status is not waited for: tslab now and then loses one,
   * and all kernels are to be asked for the same.
   */
  async run(code: string): Promise<void> {
    const messages = await this.#ask("execute_request", { ...execution, allow_stdin: this.attended, code }, [
      "execute_reply",
    ]);
    const reply = messages.find(({ header }) => header.msg_type === "execute_reply")?.content;
    if (reply?.status !== "ok") throw new Error(`${this.#name}: ${reply?.ename}: ${reply?.evalue}\n${code}`);
  }

  /** Runs a cell up to its reply and the last of so many lines that it prints. */
  async print(code: string, lines: number): Promise<void> {
    await this.#ask("execute_request", { ...execution, code }, ["execute_reply"], lines);
  }

  /** The plain text of a cell's result. */
  async text(code: string): Promise<string> {
    const messages = await this.#ask("execute_request", { ...execution, code }, ["execute_reply", "idle"]);
    const result = messages.find(({ header }) => header.msg_type === "execute_result");
    // A MIME bundle, as the protocol has it.
    return String((result?.content.data as Record<string, unknown> | undefined)?.["text/plain"]);
  }

  /** The completions at the end of a text. */
  async complete(code: string): Promise<readonly string[]> {
    const messages = await this.#ask("complete_request", { code, cursor_pos: code.length }, [
      "complete_reply",
    ]);
    const reply = messages.find(({ header }) => header.msg_type === "complete_reply");
    return (reply?.content.matches as string[] | undefined) ?? [];
  }

  async close(): Promise<void> {
    this.#shell.close();
    this.#iopub.close();
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGTERM");
    const stubborn = setTimeout(() => this.#process.kill("SIGKILL"), 3000);
    if (this.#process.exitCode === null && this.#process.signalCode === null) await ended;
    clearTimeout(stubborn);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #ask(
    type: string,
    content: Record<string, unknown>,
    ends: readonly string[],
    lines = 0,
  ): Promise<Message[]> {
    const message = newMessage("shell", type, this.#session, content);
    return new Promise((resolve, reject) => {
      const seen: Message[] = [];
      const late = setTimeout(() => {
        const missing = this.#pending.get(message.header.msg_id)?.lines ?? 0;
        const events =
          [...seen.map(event), ...(missing > 0 ? [`all but ${missing} lines`] : [])].join(", ") || "nothing";
        reject(
          new Error(`${this.#name} has not answered a ${type} in ${LIMIT / 1000} s, but sent: ${events}.`),
        );
      }, LIMIT);
      const done = () => {
        clearTimeout(late);
        resolve(seen);
      };
      this.#pending.set(message.header.msg_id, { ends: new Set(ends), lines, seen, done });
      this.#shell.send(encode(message, this.#key)).catch(reject);
    });
  }

  async #receive(channel: "shell" | "iopub"): Promise<void> {
    for await (const frames of channel === "shell" ? this.#shell : this.#iopub) {
      const message = decode(frames, this.#key, channel);
      const id = message?.parent_header.msg_id;
      const pending = id === undefined ? undefined : this.#pending.get(id);
      if (!message || !pending || id === undefined) continue;
      if (message.header.msg_type === "stream")
        pending.lines -= String(message.content.text).split("\n").length - 1;
      else pending.seen.push(message);
      pending.ends.delete(event(message));
      if (pending.ends.size > 0 || pending.lines > 0) continue;
      this.#pending.delete(id);
      pending.done();
    }
  }
}

/** What a message says: its type, or the state that a status tells. */
function event({ header, content }: Message): string {
  return header.msg_type === "status" ? String(content.execution_state) : header.msg_type;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
