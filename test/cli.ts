/** Runs the real `tandem` command in a folder of the test's own, for tests of its parts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A cell's source, or a cell with what differs from a plain code cell. */
export type CellOf = string | ({ source: string } & Record<string, unknown>);

const KERNEL = { display_name: "Tandem", language: "typescript", name: "tandem" };

/** The folder is made before the file's tests and removed after them; each test takes file names of its own. */
export class CliFolder {
  path = "";

  constructor() {
    beforeAll(() => {
      this.path = realpathSync(mkdtempSync(join(tmpdir(), "tandem-cli-")));
    });
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Starts the command there. */
  start(
    args: string[],
    env: NodeJS.ProcessEnv = {},
    input?: string,
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const command = join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs");
    const child = spawn(process.execPath, [command, ...args], {
      cwd: this.path,
      env: { ...process.env, GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "", ...env },
    });
    child.stdin.end(input);
    const ended = new Promise<Ended>((resolve) => {
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
    return { child, ended };
  }

  tandem = (...args: string[]): Promise<Ended> => this.start(args).ended;

  /** Writes a notebook as Jupyter does; returns its text. */
  notebook(name: string, cells: CellOf[], kernelspec: Record<string, string> = KERNEL): string {
    const notebook = {
      cells: cells.map((cell, index) => {
        const { source, ...more }: { source: string } & Record<string, unknown> =
          typeof cell === "string" ? { source: cell } : cell;
        const code = more.cell_type === undefined ? { cell_type: "code", execution_count: null } : {};
        const outputs = more.cell_type === undefined ? { outputs: [] } : {};
        return { ...code, id: `cell-${index}`, metadata: {}, ...outputs, source, ...more };
      }),
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5,
    };
    return this.write(name, `${JSON.stringify(notebook, null, 1)}\n`);
  }

  write(name: string, text: string): string {
    writeFileSync(join(this.path, name), text);
    return text;
  }

  read = (name: string): string => readFileSync(join(this.path, name), "utf8");

  outputs = (name: string): Record<string, unknown>[][] =>
    JSON.parse(this.read(name)).cells.map(
      (cell: { outputs?: Record<string, unknown>[] }) => cell.outputs ?? [],
    );
}
