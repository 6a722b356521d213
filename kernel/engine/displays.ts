import { randomUUID } from "node:crypto";
import { toShown } from "../display/value/bundle.ts";
import type { Shown } from "../display/value/shown.ts";
import { originOf } from "./origin.ts";
import type { EngineOutput } from "./output.ts";

export interface DisplayOptions {
  /** Names the output: showing something with the same id again replaces it. */
  id?: string | undefined;
  /** Only replaces what other cells have shown with this id, and shows nothing in this one. */
  update?: boolean | undefined;
}

/** What cells have shown, by the ids that they gave it. */
export class Displays {
  readonly #output: EngineOutput;
  readonly #report: (problem: unknown) => void;
  /** The request that last showed an id anew. */
  readonly #shownBy = new Map<string, number | undefined>();
  readonly #pending = new Set<Promise<void>>();

  /** `report` tells what a value's own method threw. */
  constructor(output: EngineOutput, report: (problem: unknown) => void) {
    this.#output = output;
    this.#report = report;
  }

  /**
   * Shows something, or replaces what has its id. A cell that runs again has lost its outputs: what it shows is an output
   * of its own, and replaces those of other cells, too.
   */
  show({ data, metadata }: Shown, { id, update = false }: DisplayOptions = {}): void {
    const content = { data, ...(metadata && { metadata }) };
    if (id === undefined) {
      this.#output.emit({ type: "display", ...content });
      return;
    }
    const known = this.#shownBy.has(id);
    if (known) this.#output.emit({ type: "update", displayId: id, ...content });
    if (known && (update || this.#shownBy.get(id) === originOf())) return;
    this.#output.emit({ type: "display", displayId: id, ...content });
    this.#shownBy.set(id, originOf());
  }

  /** Shows a value. One that shows itself by a promise has its place at once, and its look when the promise is kept. */
  showValue(value: unknown, { id, update }: DisplayOptions = {}): void {
    const { later, problem, ...shown } = toShown(value);
    if (!later) {
      this.show(shown, { id, update });
      if (problem !== undefined) this.#report(problem);
      return;
    }
    const place = id ?? randomUUID();
    this.show(shown, { id: place, update });
    const done = later.then((kept) => {
      this.show(kept, { id: place, update: true });
      if (kept.problem !== undefined) this.#report(kept.problem);
      this.#pending.delete(done);
    });
    this.#pending.add(done);
  }

  /** The value of a cell, as its result. */
  async result(value: unknown): Promise<Shown> {
    const { later, ...shown } = toShown(value);
    const { problem, ...kept } = later ? await later : shown;
    if (problem !== undefined) this.#report(problem);
    return kept;
  }

  /** Resolves when no promise of what is shown is open. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
