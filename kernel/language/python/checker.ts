import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PythonCommand } from "../../python/find.ts";
import type { NameUses } from "./name-uses.ts";

/** What Python says of a text. */
export interface Checked {
  /** Lines and columns from 1, in code points; an end of 0 is not known. */
  readonly error?: {
    readonly message: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
  };
  /** The names that the text binds outside of functions and classes; left out where it is no Python. */
  readonly binds?: readonly string[];
  /** Whether it ends with an expression. */
  readonly hasValue?: boolean;
}

/** What it answers, by what it was asked. */
interface Answer extends Checked {
  readonly uses?: NameUses;
}

/** How long Python may take to start, and to read a text, in ms. */
const START_LIMIT = 20_000;
const READ_LIMIT = 5000;

/** A Python that reads texts and runs none. It stays, and ends with this process. */
export class PythonChecker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  /** Whether it has started; false once it has ended. */
  readonly ready: Promise<boolean>;
  alive = true;
  #count = 0;

  constructor({ file, args }: PythonCommand) {
    // Without the user's packages and variables: nothing of theirs runs at its start.
    const program = join(__dirname, "runner", "tandem_checker.py");
    this.#child = spawn(file, [...args, "-I", "-S", "-B", "-X", "utf8", program], {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    const { stdin, stdout } = this.#child;
    this.ready = new Promise((resolve) => {
      const ended = () => {
        this.alive = false;
        resolve(false);
        for (const answer of this.#waiting.values()) answer({});
        this.#waiting.clear();
      };
      this.#child.once("exit", ended).once("error", ended);
      setTimeout(() => resolve(false), START_LIMIT).unref();
      // The program is our own: that is what it says.
      createInterface({ input: stdout! }).on("line", (line) => {
        const said = JSON.parse(line) as Answer & { id?: number };
        if (said.id === undefined) return resolve(true);
        this.#waiting.get(said.id)?.(said);
        this.#waiting.delete(said.id);
      });
    });
    stdin!.on("error", () => {}); // Its end is told by "exit".
  }

  /** What is wrong in a text; nothing is told where Python ends or takes too long. */
  check(text: string): Promise<Checked> {
    return this.#ask({ text });
  }

  /** What a text does with a name; undefined where it is no Python, or Python ends or takes too long. */
  async uses(text: string, name: string): Promise<NameUses | undefined> {
    return (await this.#ask({ text, name })).uses;
  }

  async #ask(asked: { text: string; name?: string }): Promise<Answer> {
    if (!(await this.ready) || !this.alive) return {};
    const id = ++this.#count;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), READ_LIMIT);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#child.stdin!.write(`${JSON.stringify({ id, ...asked })}\n`);
    });
  }

  end(): void {
    this.#child.kill("SIGKILL");
  }
}
