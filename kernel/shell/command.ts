import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { Interrupted } from "../engine/interrupted.ts";

/** A program to run, and who hears it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted: the command ends, with all that it started. */
  readonly signal: AbortSignal;
  /** Each stream comes in its own order, as it is written. */
  text(name: "stdout" | "stderr", text: string): void;
  /** Resolves when what was handed over has been taken. */
  drained(): Promise<void>;
}

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command and its process group. */
export interface RunningCommand {
  /** Resolves when the command has ended and what it wrote was handed on; rejects with `Interrupted`, or where it cannot be started. */
  readonly ended: Promise<CommandEnd>;
  /** Whether it or anything that it left in the background runs. */
  readonly alive: boolean;
  /** Ends all of it at once. */
  kill(): void;
}

/** How far the command may be ahead of who takes its text, in UTF-16 units. */
const MOST_AHEAD = 1024 * 1024;

/** After an interrupt: until when the cell waits for the command, and until it is killed, in ms. */
const CELL_GRACE = 60;
const COMMAND_GRACE = 1000;

/** How long after a command's end output can still come from the pipes, where something in the background holds them, in ms. */
const LAST_OUTPUT = 100;

const windows = process.platform === "win32";

/**
 * Ends the group when the kernel's end of descriptor 3 closes, however the kernel ended; a line there calls it off. A
 * process of its own for that: what `exec` starts knows nothing of it.
 */
const GUARD = '{ read -r _ <&3 || kill -s KILL 0; } >/dev/null 2>&1 & exec 3<&-; exec "$@"';

/** Starts a command in a process group of its own, with nothing on its stdin. */
export function startCommand(command: Command): RunningCommand {
  const { file, args, cwd, env } = command;
  const [program, ...words] = windows ? [file, ...args] : ["/bin/sh", "-c", GUARD, "sh", file, ...args];
  const child = spawn(program ?? file, words, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe", windows ? "ignore" : "pipe"],
    detached: !windows,
    windowsHide: true,
  });
  const running = { ended: waitFor(child, command), kill: () => signalGroup(child, "SIGKILL") };
  return Object.defineProperty(running, "alive", {
    get: () => isAlive(child),
  }) as RunningCommand;
}

async function waitFor(child: ChildProcess, { signal, text, drained }: Command): Promise<CommandEnd> {
  // Both were asked for as pipes.
  const [stdout, stderr] = [child.stdout as Readable, child.stderr as Readable];
  const flow = new Flow([stdout, stderr], drained);
  for (const [name, pipe] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    pipe.setEncoding("utf8").on("data", (chunk: string) => {
      text(name, chunk);
      flow.count(chunk.length);
    });
  }
  // The fourth is a pipe to the child.
  const guard = child.stdio[3] as Writable | null;
  guard?.on("error", () => {});
  // The child's own "close" waits for the guard's pipe too.
  const closed = Promise.all([stdout, stderr].map((pipe) => new Promise((done) => pipe.once("close", done))));
  const exited = new Promise<CommandEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, by) => resolve({ code, signal: by }));
  });
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => {
      exited.then(() => signalGroup(child, "SIGKILL")).catch(() => {});
      signalGroup(child, "SIGINT");
      setTimeout(() => signalGroup(child, "SIGKILL"), COMMAND_GRACE).unref();
      setTimeout(() => reject(new Interrupted()), CELL_GRACE);
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    void exited.then(() => !signal.aborted && signal.removeEventListener("abort", stop), reject);
  });
  const end = await Promise.race([exited, interrupted]);
  if (signal.aborted) throw new Interrupted();
  // While something in the background holds the pipes, it stays under guard.
  const free = closed.then(() => guard?.end("\n"));
  await Promise.race([free, flow.settled()]);
  return end;
}

/** Lets a command wait, by full pipes, while its text is not taken. */
class Flow {
  readonly #pipes: readonly Readable[];
  readonly #drained: () => Promise<void>;
  #ahead = 0;
  #taken: Promise<void> = Promise.resolve();

  constructor(pipes: readonly Readable[], drained: () => Promise<void>) {
    this.#pipes = pipes;
    this.#drained = drained;
  }

  count(length: number): void {
    this.#ahead += length;
    if (this.#ahead < MOST_AHEAD) return;
    this.#ahead = 0;
    for (const pipe of this.#pipes) pipe.pause();
    this.#taken = this.#drained().finally(() => {
      for (const pipe of this.#pipes) pipe.resume();
    });
  }

  /** Resolves when what was in the pipes has been read. */
  async settled(): Promise<void> {
    for (let before: unknown; before !== this.#taken; ) {
      before = this.#taken;
      await this.#taken;
      await new Promise((resolve) => setTimeout(resolve, LAST_OUTPUT));
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function isAlive(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  if (windows) return child.exitCode === null && child.signalCode === null;
  try {
    return process.kill(-child.pid, 0);
  } catch {
    return false;
  }
}
