import type { RustOrigin } from "../rust/registry.ts";
import type { Span } from "../timeline/spans.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { Packed } from "./values/packed.ts";

/** What the engine's main thread and a worker say to each other. */

/** A value in a step: one that an earlier step made, or a primitive. */
export type Ref = { readonly key: string } | { readonly value: unknown };

/** How a worker finds a Rust function: its library's path and its name, and how the cell loaded it. */
export type RustFunction = Omit<RustOrigin, "id">;

/**
 * An instruction for building the surroundings of a function in a worker; they are carried out in order. A step with a
 * `key` makes a value that the worker keeps: what it has already is not made again, and its content is not sent again.
 */
export type Step =
  | { op: "data"; key: string; content?: DataContent }
  | { op: "shared"; key: string; buffer: SharedArrayBuffer }
  | { op: "import"; key: string; specifier: string; imported: string }
  /** `path` from globalThis, or from the exports of the built-in module. */
  | { op: "path"; key: string; module?: string; path: readonly (string | SymbolName)[] }
  /** A property of a value: an export of an import. */
  | { op: "property"; key: string; of: Ref; name: string }
  | { op: "rust"; key: string; from: RustFunction }
  /** An empty container, filled by a later step so that cycles close. */
  | { op: "container"; key: string; kind: "object" | "array" | "map" | "set" }
  | { op: "fill"; key: string; entries: readonly (readonly [Ref, Ref])[] }
  /** A script that holds functions that share variables. */
  | { op: "script"; key: string; script?: Script }
  | { op: "variable"; script: string; scope: number; name: string; value: Ref }
  /** Function or class `index` of a script. */
  | { op: "function"; key: string; script: string; index: number; name: string }
  /** Own properties that user code put on a function, or changed since (static fields). */
  | { op: "properties"; key: string; entries: readonly (readonly [string, Ref])[] }
  | { op: "bound"; key: string; target: Ref; self: Ref; args: readonly Ref[] }
  /** Makes a value known by a notebook name. */
  | { op: "global"; name: string; value: Ref };

/** A well-known symbol on a path: `{ symbol: "iterator" }` is `Symbol.iterator`. */
export interface SymbolName {
  readonly symbol: string;
}

export interface DataContent {
  /** As encoded by `capture/data.ts`. */
  readonly bytes: Uint8Array;
  /** The buffers that `bytes` refers to by position. */
  readonly shared: readonly SharedArrayBuffer[];
}

export interface Script {
  readonly text: string;
  readonly file: string;
  /** 0-based line of the file on which the text's first line stands; may be −1. */
  readonly line: number;
}

/** Slots of a worker's status, an Int32Array in shared memory. */
export const STATUS = {
  /** Runs up to this number are stopped. */
  stopped: 0,
  /** Index of the item being worked on, −1 when idle. */
  item: 1,
  length: 2,
} as const;

/** Slots of a typed run's control, an Int32Array in shared memory. */
export const CONTROL = {
  /** The first item that nobody has taken. */
  next: 0,
  /** Items done. */
  done: 1,
  length: 2,
} as const;

/** What a typed run notes of an item: its result is in `output`, or travels by message. */
export const DONE = { number: 1, other: 2 } as const;

/** What a worker is to do with each item of a run. */
export interface Work {
  /** Keys of the function and, where results are combined, of the function that does it. */
  readonly root: string;
  readonly combine?: string | undefined;
  /** Of a chunk's results: each, none, or the one that they are combined to. */
  readonly sends: "each" | "none" | "one";
  /** A failing item does not stop the others. */
  readonly keepGoing: boolean;
  /** How often an item that throws is tried again. */
  readonly retries: number;
  /** Buffers in results are moved, not copied. */
  readonly move: boolean;
  /** The worker tells when it is ready. */
  readonly traced: boolean;
}

/** What a worker does once, before the first run that comes after it. */
export interface SetUp {
  readonly id: number;
  readonly steps: readonly Step[];
  readonly root: string;
}

export interface WorkerStart {
  /** The notebook's folder, absolute. */
  readonly folder: string;
  /** From 1. */
  readonly number: number;
  /** The file in which workers write down what they work on. */
  readonly notes?: string | undefined;
}

/** A worker's words in the file of notes, 64-bit floats: the items from `lo` to before `hi`, −1 between items. */
export const NOTE = { run: 0, lo: 1, hi: 2, length: 3 } as const;

/** What every message to a worker about a run says. */
interface OfRun {
  /** Runs are numbered from 1, in the order of their start. */
  readonly run: number;
}

/** Several at once: a message costs more than what is in it. */
export type SentToWorker = readonly ToWorker[];

export type ToWorker = OfRun &
  (
    | {
        type: "prepare";
        steps: readonly Step[];
        /** Those that this worker has not done. */
        setUps: readonly SetUp[];
        work: Work;
        forget: readonly string[];
      }
    /** Calls the run's function once, without an item. */
    | { type: "each" }
    | {
        type: "chunk";
        lo: number;
        items: Packed;
        /** The rest is given back after so many ms. */
        longest: number | undefined;
      }
    | ({ type: "typed" } & TypedJob)
  );

/** All of a typed array's items, taken range by range from a shared counter. */
export interface TypedJob {
  readonly input: NumberArray;
  /** Results that are numbers. */
  readonly output: Float64Array;
  /** Which items are done: see `DONE`. */
  readonly done: Uint8Array;
  readonly control: Int32Array;
  readonly workers: number;
  /** Items to take at a time; by time if left out. */
  readonly chunk?: number;
  /** Ranges are told with their times. */
  readonly traced: boolean;
}

export type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

export type FromWorker =
  | { type: "up"; ms: number }
  | (OfRun & { type: "ready" })
  | (OfRun & { type: "notReady"; error: SentError })
  | (OfRun & {
      type: "results";
      lo: number;
      results: Packed;
      failures: SentFailure[];
      /** How long it took, and when it began in ms on the system's monotonic clock. */
      ms: number;
      at: number;
      /** What the code marked by `span`, of a traced run. */
      spans?: Span[];
      taken: number;
    })
  /** Of a typed run: results that are no numbers, by index. */
  | (OfRun & {
      type: "others";
      others: [index: number, result: unknown][];
      failures: SentFailure[];
      /** What the results from `lo` to before `hi` are combined to, where they are. */
      part?: { lo: number; hi: number; value: unknown };
    })
  | (OfRun & { type: "eachDone"; value: unknown })
  | (OfRun & { type: "eachFailed"; error: SentError })
  | (OfRun & { type: "typedDone" })
  /** Of a traced typed run. */
  | (OfRun & { type: "range"; lo: number; hi: number; ms: number; at: number; spans: Span[] })
  /** The item waits for what nothing in its worker can bring; `run` is 0 where the worker does not know it there. */
  | (OfRun & { type: "waits"; item: number; how: "await" | "Atomics.wait"; at?: string })
  | (OfRun & { type: "waitsNot" })
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: MimeBundle };

export interface SentFailure {
  readonly index: number;
  readonly error: SentError;
}

/** A thrown value on its way to the main thread. */
export type SentError =
  | {
      readonly kind: "error";
      readonly name: string;
      readonly className: string;
      readonly message: string;
      readonly stack: string;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly cause?: SentError;
      readonly errors?: readonly SentError[];
    }
  | { readonly kind: "value"; readonly value: unknown };

/** Names of the notebook's scope that a worker has in a form of its own; they are not captured. */
export const WORKER_NAMES = [
  "display",
  "require",
  "pmap",
  "preduce",
  "pfor",
  "pgroup",
  "span",
  "__dirname",
  "__filename",
  "__pmap",
  "__preduce",
  "__pfirst",
  "__peach",
  "__own",
  "__tandem_import",
  "__tandem_meta",
] as const;
