import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Cell } from "../cells/cell.ts";
import type { Session } from "../cells/session.ts";
import { fail } from "../errors.ts";
import { which } from "../python/find.ts";
import { pythonInterpreters } from "../python/interpreters.ts";
import type { PythonProcess } from "../python/process.ts";
import { RATE } from "./python-stacks.ts";

/** How long the sampler may take to begin, and to write what it has, in ms. */
const PATIENCE = 10_000;

/** What a sampler saw: its stacks as text, or why there are none. */
export type PythonSamples = { readonly stacks: string; readonly rate: number } | { readonly problem: string };

/** Samplers of the interpreters that run now. */
export interface PythonSampling {
  /** Ends them. Nothing where no interpreter ran. */
  stop(): Promise<PythonSamples | undefined>;
}

/** Begins to sample each interpreter that runs, where py-spy is installed. */
export async function samplePython(cell: Cell, session: Session): Promise<PythonSampling> {
  const running = await session.part(pythonInterpreters).alive();
  const samplers = await Promise.all(running.map((python) => Sampler.start(python, cell)));
  return {
    async stop() {
      const seen = await Promise.all(samplers.map((sampler) => sampler.stop()));
      const stacks = seen.flatMap((one) => ("stacks" in one ? [one.stacks] : []));
      if (stacks.length > 0) return { stacks: stacks.join("\n"), rate: RATE };
      return seen[0];
    },
  };
}

/** One py-spy, a child of the kernel, on one interpreter. */
class Sampler {
  readonly #child: ChildProcess | undefined;
  readonly #folder: string;
  readonly #ended: Promise<void>;
  #problem: string | undefined;
  #said = "";

  static async start(python: PythonProcess, cell: Cell): Promise<Sampler> {
    const { executable } = python.hello;
    const problem = process.platform === "win32" ? fail("pySpyOnWindows").message : undefined;
    const file = problem === undefined ? await findPySpy(executable) : undefined;
    const folder = await mkdtemp(join(tmpdir(), "tandem-py-spy-"));
    const sampler = new Sampler(
      file,
      python.pid,
      folder,
      problem ?? fail("pySpyMissing", executable).message,
    );
    await sampler.#begin(python, cell);
    return sampler;
  }

  private constructor(file: string | undefined, pid: number, folder: string, problem: string) {
    this.#folder = folder;
    if (file === undefined) {
      this.#problem = problem;
      this.#ended = Promise.resolve();
      return;
    }
    const record = ["record", "--pid", String(pid), "--rate", String(RATE), "--function", "--full-filenames"];
    const args = [...record, "--format", "raw", "--output", join(folder, "stacks")];
    // The shell keeps its number when it becomes py-spy: so Python can be told beforehand whom to let look.
    const script = 'read -r go; exec "$0" "$@"';
    const child = spawn("sh", ["-c", script, file, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    child.stdin?.on("error", () => {}); // Its end is told below.
    const hear = (chunk: Buffer) => {
      this.#said = (this.#said + chunk).slice(-4000);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#said += error.message;
        resolve();
      });
      child.once("close", () => resolve());
    });
  }

  async #begin(python: PythonProcess, cell: Cell): Promise<void> {
    const child = this.#child;
    if (!child) return;
    if (child.pid !== undefined && !python.running && (await onlyDescendants()))
      await letLook(python, cell, child.pid);
    child.stdin?.end("go\n");
    const begun = new Promise<void>((resolve) => {
      const look = () => this.#said.includes("Sampling process") && resolve();
      child.stdout?.on("data", look);
      child.stderr?.on("data", look);
    });
    await Promise.race([begun, this.#ended, after(PATIENCE)]);
  }

  async stop(): Promise<PythonSamples> {
    if (this.#child) {
      this.#child.kill("SIGINT");
      await Promise.race([this.#ended, after(PATIENCE)]);
      this.#child.kill("SIGKILL");
    }
    const stacks = await readFile(join(this.#folder, "stacks"), "utf8").catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
    if (stacks !== undefined) return { stacks, rate: RATE };
    return { problem: this.#problem ?? whyNot(this.#said) };
  }
}

/** Beside the interpreter, as pip puts it, or on PATH. */
async function findPySpy(executable: string): Promise<string | undefined> {
  const { env, platform } = process;
  const beside = { folder: "", env: { PATH: dirname(executable) }, platform };
  return (await which("py-spy", beside)) ?? (await which("py-spy", { ...beside, env }));
}

/** Whether Linux lets a process look only into its descendants (Yama's mode 1, Debian's and Ubuntu's), or whom those allow. */
async function onlyDescendants(): Promise<boolean> {
  const scope = await readFile("/proc/sys/kernel/yama/ptrace_scope", "utf8").catch(() => "");
  return scope.trim() === "1";
}

/** PR_SET_PTRACER, of Linux's <sys/prctl.h>. */
const PR_SET_PTRACER = 0x59616d61;

/** Python tells the system that one process may look into it. The expression's value is None: another would be shown. */
async function letLook(python: PythonProcess, cell: Cell, pid: number): Promise<void> {
  const numbers = [PR_SET_PTRACER, pid, 0, 0, 0].map((one) => `c.c_ulong(${one})`).join(", ");
  const expression = `(lambda c: (c.CDLL(None).prctl(${numbers}), None)[1])(__import__("ctypes"))`;
  // Without ctypes py-spy itself says what it may not do.
  await python.run(cell, expression, false).catch(() => undefined);
}

function whyNot(said: string): string {
  if (/permission denied|not permitted|EPERM|root/i.test(said))
    return fail("pySpyForbidden", process.platform).message;
  return fail("pySpyFailed", said.trim().split("\n")[0] ?? "It said nothing.").message;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
