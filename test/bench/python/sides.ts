import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Sample } from "../../../kernel/measure/rounds.ts";
import type { PythonCommand } from "../../../kernel/python/find.ts";

/** The sides, in one Python process that measures by its own clock. */
export class PythonSides {
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** `library`: of the Rust cell; `peer`: the module that was written by hand, where there is one. */
  static async start(python: PythonCommand, library: string, peer: string | undefined): Promise<PythonSides> {
    const given = {
      runner: join(__dirname, "runner"),
      folders: [__dirname],
      cells: [{ library, optimised: library, file: "cell.rs", namespace: null }],
      peer: peer ?? null,
      n: 35,
    };
    const script = join(import.meta.dirname, "sides.py");
    const child = spawn(python.file, [...python.args, script, JSON.stringify(given)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error("Python ended.");
    // sides.py says what it writes.
    return new PythonSides(child, lines, (JSON.parse(first.value) as { version: string }).version);
  }

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, version: string) {
    this.#child = child;
    this.#lines = lines;
    this.version = version;
  }

  async sample(side: string, calls: number): Promise<Sample> {
    this.#child.stdin?.write(`${JSON.stringify({ side, calls })}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error("Python ended.");
    // As above.
    return JSON.parse(line.value) as Sample;
  }

  close(): void {
    this.#child.stdin?.end();
  }
}
