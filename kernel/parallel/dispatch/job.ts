import type { MimeBundle } from "../../wire/message.ts";
import type { SentError, Step } from "../protocol.ts";
import type { Results } from "./results.ts";
import type { Source } from "./source.ts";

/** A function and what it is to be applied to, ready for the workers. */
export interface Job {
  /** The function's surroundings, and the key of the function itself. */
  readonly steps: readonly Step[];
  readonly root: string;
  readonly source: Source;
  /** Index of the first item that `source` gives. */
  readonly from: number;
  readonly results: Results;
  readonly workers: number;
  /** Items in a message; by time if left out. */
  readonly chunk?: number | undefined;
  /** What an item is expected to take, in ms. */
  readonly perItem?: number | undefined;
  /** The longest that an item may take, in ms. */
  readonly timeout?: number | undefined;
  /** A failing item does not stop the others. */
  readonly keepGoing: boolean;
  /** How often an item that throws is tried again; not at all if left out. */
  readonly retries?: number;
  /** Aborted: no further items, and an end soon. */
  readonly signal: AbortSignal;
  /** Output of user code in a worker. */
  stream(name: "stdout" | "stderr", text: string): void;
  display(data: MimeBundle): void;
  /** The thrown value that a worker sent. */
  receive(sent: SentError): unknown;
}

/**
 * How a job ended; the results so far are in `job.results` in any case. `failed`: for an item, see
 * `results.failures`; `error`: for a reason that is no item's.
 */
export type Ended = { how: "finished" | "failed" | "stopped" } | { how: "error"; error: unknown };
