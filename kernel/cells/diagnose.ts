import { Interrupted } from "../engine/interrupted.ts";
import type { Cell } from "./cell.ts";
import type { CellDiagnostic } from "./magic.ts";
import { readHead, readOptions } from "./magic-line.ts";
import { magics } from "./magics.ts";
import { noOutput } from "./no-output.ts";
import type { Session } from "./session.ts";

/** What is wrong in cells that have not run, as an editor asks while they are written. */
export class Diagnoser {
  readonly #session: Session;
  /** By who asks: a later question about a cell replaces the one before. */
  readonly #asked = new Map<string, AbortController>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** `key` names the cell; undefined where a later question about it came. Nothing is told of cells without a magic. */
  async diagnose(source: string, key: string): Promise<readonly CellDiagnostic[] | undefined> {
    const controller = new AbortController();
    this.cancel(key);
    this.#asked.set(key, controller);
    try {
      return await this.#ask(source, controller.signal);
    } catch (error) {
      if (error instanceof Interrupted || controller.signal.aborted) return undefined;
      throw error;
    } finally {
      if (this.#asked.get(key) === controller) this.#asked.delete(key);
    }
  }

  /** Calls off the question about a cell. */
  cancel(key: string): void {
    this.#asked.get(key)?.abort();
  }

  async #ask(source: string, signal: AbortSignal): Promise<readonly CellDiagnostic[]> {
    const head = readHead(source);
    const magic = head && magics.find(({ name }) => name === head.name);
    if (!head || !magic?.diagnose) return [];
    const cell: Cell = {
      number: 0,
      file: `cell-0.${magic.extension ?? "ts"}`,
      source,
      output: noOutput,
      signal,
    };
    return await magic.diagnose({ ...cell, ...readOptions(head, magic), body: head.body }, this.#session);
  }
}
