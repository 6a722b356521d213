import type { MimeBundle } from "../../wire/message.ts";
import type { CellOutput } from "../cell.ts";

/** The least time between two updates of one display, in ms: more nobody sees. */
const INTERVAL = 20;

interface Update {
  data: MimeBundle;
  metadata: Record<string, unknown> | undefined;
}

/**
 * Updates of displays, of which each replaces the one before: the first goes out at once, and of those that follow within
 * the interval only the latest.
 */
export class LatestUpdates {
  readonly #output: Pick<CellOutput, "updateDisplay">;
  /** By display id: what waits for its interval to end; undefined where nothing came since the last one. */
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; latest: Update | undefined }>();

  constructor(output: Pick<CellOutput, "updateDisplay">) {
    this.#output = output;
  }

  update(displayId: string, data: MimeBundle, metadata?: Record<string, unknown>): void {
    const waiting = this.#waiting.get(displayId);
    if (waiting) waiting.latest = { data, metadata };
    else this.#send(displayId, { data, metadata });
  }

  /** Sends what waits: of one display, or of all. */
  flush(only?: string): void {
    for (const displayId of only === undefined ? [...this.#waiting.keys()] : [only]) {
      const waiting = this.#waiting.get(displayId);
      clearTimeout(waiting?.timer);
      this.#waiting.delete(displayId);
      if (waiting?.latest)
        this.#output.updateDisplay(displayId, waiting.latest.data, waiting.latest.metadata);
    }
  }

  #send(displayId: string, { data, metadata }: Update): void {
    this.#output.updateDisplay(displayId, data, metadata);
    const timer = setTimeout(() => {
      const latest = this.#waiting.get(displayId)?.latest;
      this.#waiting.delete(displayId);
      if (latest) this.#send(displayId, latest);
    }, INTERVAL).unref();
    this.#waiting.set(displayId, { timer, latest: undefined });
  }
}
