import type { MimeBundle } from "../../wire/message.ts";
import type { SentError, SetUp, Step, Work } from "../protocol.ts";
import type { Tracer } from "../trace/tracer.ts";
import type { Results } from "./results.ts";
import type { Source } from "./source.ts";

/** A function and what it is to be applied to, ready for the workers. */
export interface Job {
  /** The function's surroundings, and what to do with it. */
  readonly steps: readonly Step[];
  readonly setUps: readonly SetUp[];
  readonly work: Work;
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
  /** Aborted: no further items, and an end soon. */
  readonly signal: AbortSignal;
  /** Takes note of what ran when, if that is wanted. */
  readonly tracer?: Tracer | undefined;
  /** Output of user code in worker number `worker`. */
  stream(name: "stdout" | "stderr", text: string, worker: number): void;
  display(data: MimeBundle): void;
  /** The thrown value that a worker sent. */
  receive(sent: SentError): unknown;
}

/**
 * How a job ended; the results so far are in `job.results` in any case. `failed`: for an item, see
 * `results.failures`; `error`: for a reason that is no item's.
 */
export type Ended = { how: "finished" | "failed" | "stopped" } | { how: "error"; error: unknown };
