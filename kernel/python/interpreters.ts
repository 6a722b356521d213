import type { Cell } from "../cells/cell.ts";
import { noOutput } from "../cells/no-output.ts";
import type { Part, Session } from "../cells/session.ts";
import { fail, type TandemError } from "../errors.ts";
import type { ClassType } from "./annotation.ts";
import { findPythons, installCommand, type PythonCommand, type Surroundings } from "./find.ts";
import { PythonProcess } from "./process.ts";
import type { RefusedNames, RustCell } from "./rust-cells.ts";
import { type PythonMember, signaturesOf } from "./signatures.ts";
import type { RunnerAddress } from "./socket.ts";
import { StartFailed } from "./start.ts";

/** The interpreters of a session: one process for each Python that cells name. */
export class PythonInterpreters implements Part {
  readonly handlers = {
    /** The interpreter that `py` means: the latest cell's, or the one named; started if there is none. */
    start: async ({ python }: { python?: string }) => {
      const { address } = await this.interpreter(python);
      if (python === undefined) this.#used = address.nonce;
      return address;
    },
    /** Asked before a call: when the engine has this answer, all that it printed has been handed on. */
    settle: () => undefined,
    /** What there is to tell of the process behind a connection that closed. */
    whyEnded: ({ nonce }: RunnerAddress) => this.#whyEnded(nonce),
  };
  /** The types of `--out` names when a cell of this source last ran. */
  readonly outTypes = new Map<string, Record<string, string>>();
  /** What annotations say of the names of each interpreter, by what was asked for. */
  readonly #annotated = new Map<
    string,
    { members: Map<string, PythonMember>; classes: Map<string, ClassType> }
  >();
  /** The nonce of the interpreter that `py` means in the engine, once it has been used there. */
  #used: string | undefined;
  /** What the latest cell asked for. */
  #latest: string | undefined;
  readonly #session: Session;
  /** By what was asked for: `--python`'s value, or nothing. */
  readonly #started = new Map<string, Promise<PythonProcess>>();
  /** The cell that runs now, or ran last. */
  #cell: Cell | undefined;
  /** The Rust cells that have run, in their order: interpreters that start later have them too. */
  readonly #rustCells: (RustCell | RefusedNames)[] = [];
  /** What interpreters start with: where they are, and what their environment has beside the kernel's. */
  #cwd: string;
  readonly #env: Record<string, string | undefined> = {};

  constructor(session: Session) {
    this.#session = session;
    this.#cwd = session.folder;
  }

  /** Gives a Rust cell to all interpreters: what it declares is in `tandem_rust`. */
  addRustCell(cell: RustCell | RefusedNames): void {
    this.#rustCells.push(cell);
    this.#eachStarted((python) => python.addRustCells([cell]));
  }

  /** Those that run now. */
  async alive(): Promise<PythonProcess[]> {
    const started = await Promise.all([...this.#started.values()].map((one) => one.catch(() => undefined)));
    return started.filter((python): python is PythonProcess => python?.alive === true);
  }

  /** The interpreter that a cell with this `--python` would run in, where it runs already. */
  async present(asked: string | undefined): Promise<PythonProcess | undefined> {
    const python = await this.#started.get(asked ?? "")?.catch(() => undefined);
    return python?.alive ? python : undefined;
  }

  /** Goes to a folder, in the interpreters that run and in those to come. */
  async enter(cell: Cell, folder: string): Promise<void> {
    this.#cwd = folder;
    await this.#inEach(cell, `__import__("os").chdir(${JSON.stringify(folder)})`);
  }

  /** Sets a variable of the environment in the same interpreters, or removes it. */
  async setEnv(cell: Cell, name: string, value: string | undefined): Promise<void> {
    this.#env[name] = value;
    const environ = `__import__("os").environ`;
    const key = JSON.stringify(name);
    await this.#inEach(
      cell,
      value === undefined
        ? `(${environ}.pop(${key}, None), None)[1]`
        : `${environ}.update({${key}: ${JSON.stringify(value)}})`,
    );
  }

  /** Runs an expression of ours, whose value is None: another would be shown. */
  async #inEach(cell: Cell, expression: string): Promise<void> {
    for (const started of this.#started.values()) {
      const python = await started.catch(() => undefined);
      if (python?.alive) await python.run(cell, expression, false);
    }
  }

  /** The types of an interpreter's names, those of a cell's text added. */
  members(asked: string | undefined, text: string, int: boolean): ReadonlyMap<string, PythonMember> {
    const known = this.#annotated.get(asked ?? "") ?? { members: new Map(), classes: new Map() };
    this.#annotated.set(asked ?? "", known);
    for (const [name, member] of signaturesOf(text, int, known.classes)) {
      if (member) known.members.set(name, member);
      else known.members.delete(name);
    }
    return known.members;
  }

  engineReplaced(): void {
    this.#used = undefined;
    // The old engine's call, if one runs, is nobody's now.
    this.#eachStarted((python) => !python.running && python.interrupt());
  }

  /** Whether the engine must be told that `py` means this one now; an engine that has not used `py` yet will ask. */
  engineMustUse({ nonce }: RunnerAddress): boolean {
    const changed = this.#used !== undefined && this.#used !== nonce;
    if (changed) this.#used = nonce;
    return changed;
  }

  cellStarts(cell: Cell): void {
    this.#cell = cell;
    this.#eachStarted((python) => {
      python.output = cell.output;
      python.input = cell.input;
    });
  }

  interrupted(): void {
    this.#eachStarted((python) => python.interrupt());
  }

  async close(): Promise<void> {
    const ended: Promise<unknown>[] = [];
    for (const started of this.#started.values()) ended.push(started.then((python) => python.close()));
    this.#started.clear();
    await Promise.allSettled(ended);
  }

  /** The interpreter that a cell asks for; from then on it is the one that `py` means. */
  async select(asked: string | undefined): Promise<PythonProcess> {
    this.#latest = asked ?? "";
    return await this.interpreter(asked);
  }

  /** A running interpreter: the one asked for, or the latest cell's. Rejects with errors of the catalogue. */
  async interpreter(asked: string | undefined): Promise<PythonProcess> {
    const key = asked ?? this.#latest ?? "";
    const started = this.#started.get(key);
    const python = await started?.catch(() => undefined);
    if (python?.alive) return python;
    // Another caller may have started it meanwhile.
    if (this.#started.get(key) !== started) return await this.interpreter(asked);
    if (python) this.#tellEnd(python, await python.ended);
    const next = this.#start(key);
    this.#started.set(key, next);
    return await next;
  }

  #eachStarted(act: (python: PythonProcess) => unknown): void {
    // One that failed to start has been reported where it was asked for.
    for (const started of this.#started.values()) void started.then(act, () => {});
  }

  async #start(asked: string): Promise<PythonProcess> {
    const { folder } = this.#session;
    const around: Surroundings = { folder, env: process.env, platform: process.platform };
    const commands = await findPythons(asked || undefined, around);
    let problem: TandemError | undefined;
    for (const command of commands) {
      try {
        const env = { ...process.env, ...this.#env };
        const output = this.#cell?.output ?? noOutput;
        const known = this.#rustCells.length;
        const python = await PythonProcess.start(command, this.#cwd, env, output, this.#cell?.input);
        // Also where there are none yet: the module can be imported before. Those that come meanwhile are given to it as to all others.
        python.addRustCells(this.#rustCells.slice(0, known));
        return python;
      } catch (error) {
        if (!(error instanceof StartFailed)) throw error;
        // Of several the first that fails is the one to tell of: it is the one that was meant.
        problem ??= await cannotUse(command, error, around);
      }
    }
    if (problem) throw problem;
    const setting = asked || process.env.TANDEM_PYTHON;
    if (setting) throw fail("pythonNotThere", setting, asked ? "--python" : "TANDEM_PYTHON");
    throw fail("pythonMissing", await installCommand(around));
  }

  /** A process that ended between cells, or in one that reported it already. */
  #tellEnd(python: PythonProcess, why: string): void {
    if (python.endReported) return;
    const { message } = fail("pythonDied", python.hello.version, "", why);
    this.#cell?.output.stream("stderr", `${message}\n`);
  }

  async #whyEnded(nonce: string): Promise<{ version: string; why: string } | undefined> {
    for (const started of this.#started.values()) {
      const python = await started.catch(() => undefined);
      if (python?.address.nonce !== nonce) continue;
      const why = await python.ended;
      python.endReported = true;
      return { version: python.hello.version, why };
    }
    return undefined;
  }
}

export const pythonInterpreters = (session: Session) => new PythonInterpreters(session);

async function cannotUse(
  command: PythonCommand,
  error: StartFailed,
  around: Surroundings,
): Promise<TandemError> {
  const path = [command.file, ...command.args].join(" ");
  if (error.version) return fail("pythonTooOld", path, error.version, await installCommand(around));
  return fail("pythonCannotStart", path, error.message);
}
