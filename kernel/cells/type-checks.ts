import { fail } from "../errors.ts";
import type { Diagnostic, TypeService } from "../typescript/service.ts";
import type { Cell, CellError } from "./cell.ts";
import type { Settings } from "./settings.ts";

/** How long a completion waits for cells that are being checked, in ms. */
const PATIENCE = 3000;

/**
 * How long the end of a cell that runs unattended waits for its check, in ms: the first starts the compiler. Longer than
 * 4 s behind the reply nbclient does not listen.
 */
const LONGEST_CHECK = 3500;

/**
 * The type service's view of the session. Checks and commits go one after the other in the order of the cells,
 * beside the runs; a service that fails never fails a cell.
 */
export class TypeChecks {
  readonly #types: TypeService;
  #last: Promise<unknown> = Promise.resolve();
  #told = false;

  constructor(types: TypeService) {
    this.#types = types;
  }

  /**
   * Errors and warnings of a cell's text; none where there is no text. Where the service fails: none, or the catalogue's
   * `checkFailed` for a cell that may run only if it checks.
   */
  check(
    file: string,
    text: Promise<string | undefined>,
    { required = false } = {},
  ): Promise<readonly Diagnostic[]> {
    const work = async () => {
      const known = await text;
      const all = known === undefined ? [] : await this.#types.check(file, known);
      return all.filter((one) => one.severity !== "suggestion");
    };
    if (!required) return this.#next(work, []);
    const done = this.#last.then(work).catch((error: unknown) => {
      throw fail("checkFailed", error instanceof Error ? error.message : String(error));
    });
    this.#last = done.catch(() => {});
    return done;
  }

  /** Makes the cell's declarations known to later cells. */
  commit(file: string, text: Promise<string | undefined>): void {
    void this.#next(async () => {
      const known = await text;
      // A cell without a text of its own declares nothing, but the last value may be its.
      await this.#types.commit(file, known ?? "");
    }, undefined);
  }

  /** Forgets all cells. */
  reset(): void {
    void this.#next(() => this.#types.reset(), undefined);
  }

  /** Resolves when the cells so far are known to the service, or when that takes too long for who waits at a keyboard. */
  async settled(): Promise<void> {
    await inTime(this.#last, PATIENCE);
  }

  /** Says once that nothing is checked where the compiler is missing; throws where only what checks may run. */
  tellMissing(cell: Cell, setting: Settings["check"]): void {
    if (!this.#types.missing || setting === "off") return;
    const error = fail("noCompiler", `${process.platform}-${process.arch}`);
    if (setting === "strict") throw error;
    if (!this.#told) cell.output.stream("stderr", `${error.message}\n`);
    this.#told = true;
  }

  #next<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    const done = this.#last.then(work).catch(() => otherwise);
    this.#last = done;
    return done;
  }
}

/** Resolves when the work is done, or when it takes too long to be waited for. */
export async function inTime(work: Promise<unknown>, ms = LONGEST_CHECK): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

/** Diagnostics as warnings, a line each. */
export function warningsText(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((one) => `Type warning: ${describe(one)}\n`).join("");
}

/** Why a cell was not run where only what checks runs. */
export function refusal(diagnostics: readonly Diagnostic[]): CellError {
  const lines = diagnostics.map(describe);
  const evalue = `The cell was not run: ${lines[0]}`;
  const next = "Correct the types, or allow such cells with %config check = warn.";
  return { ename: "TypeCheck", evalue, traceback: ["TypeCheck: the cell was not run.", ...lines, next] };
}

const describe = ({ file, line, column, code, message }: Diagnostic) =>
  `${file}:${line}:${column} ${message} (TS${code})`;
