import { appendFile } from "node:fs/promises";
import { fail, type TandemError } from "../../errors.ts";
import { Destination } from "../../notebook/destination.ts";
import type { Arguments } from "../arguments.ts";
import type { CommandOption } from "../command.ts";
import { annotations, inGitHubActions, stepSummary } from "../summaries/github.ts";
import { jsonSummary } from "../summaries/json.ts";
import { junitSummary } from "../summaries/junit.ts";
import type { NotebookResult } from "./result.ts";

export const reportOptions: readonly CommandOption[] = [
  { long: "junit", value: "FILE", help: "write what became of each cell as JUnit's XML" },
  { long: "json", value: "FILE", help: "the same as JSON; - writes it, and nothing else, to stdout" },
];

/** The summaries of a run for other programs: files that were asked for, and what GitHub Actions shows. */
export class Reports {
  readonly #started = new Date();
  readonly #junit: Destination | undefined;
  readonly #json: Destination | "-" | undefined;

  private constructor(junit: Destination | undefined, json: Destination | "-" | undefined) {
    this.#junit = junit;
    this.#json = json;
  }

  /** Throws where a file cannot be written. */
  static async open(args: Arguments): Promise<Reports> {
    const open = async (file: string | undefined) =>
      file === undefined ? undefined : Destination.open(file);
    const json = args.value("json");
    return new Reports(await open(args.value("junit")), json === "-" ? "-" : await open(json));
  }

  /** Whether stdout is for a program alone. */
  get takesStdout(): boolean {
    return this.#json === "-";
  }

  /** Writes all of them. Returns what kept a file from being written where it should. */
  async write(results: readonly NotebookResult[], exitCode: number): Promise<TandemError[]> {
    const problems = [await this.#junit?.write(junitSummary(results, this.#started))];
    const json = jsonSummary(results, exitCode);
    if (this.#json === "-") process.stdout.write(json);
    else problems.push(await this.#json?.write(json));
    if (inGitHubActions()) {
      (this.takesStdout ? process.stderr : process.stdout).write(annotations(results));
      problems.push(await appendSummary(stepSummary(results)));
    }
    return problems.filter((problem) => problem !== undefined);
  }
}

async function appendSummary(text: string): Promise<TandemError | undefined> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return undefined;
  return appendFile(file, text).then(
    () => undefined,
    (error: Error) => fail("cannotWrite", file, error.message),
  );
}
