import type { CellError } from "../cells/cell.ts";
import type { Shown } from "../display/value/shown.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { EngineCode } from "./engine.ts";

/**
 * What kernel and engine say to each other. Requests go down one pipe, events come up another, each as frames of
 * structured clones; a marker in the engine's stdout holds each event's place among raw output.
 */

/** The engine's file descriptors beyond the standard three. */
export const FD = { requests: 3, interrupts: 4, events: 5 } as const;

interface RequestBase {
  id: number;
  /** The cell it belongs to: its execution count and its name in stacks. */
  number: number;
  file: string;
}

export type EngineRequest = RequestBase &
  ({ type: "evaluate"; code: EngineCode } | { type: "call"; method: string; params: unknown });

/** Says that a request is about to come. */
export interface Wake {
  type: "wake";
}

/** The kernel's answer to the engine's question of this number. */
export interface KernelAnswer {
  type: "answer";
  question: number;
  value?: unknown;
  /** Why there is no value; `code`: the entry of the catalogue of errors. */
  failure?: { name: string; message: string; code?: string };
}

export type EngineEvent =
  /** `ms`: since the process started. */
  | { type: "ready"; ms: number }
  /** The request starts: raw output from here on is its cell's. */
  | { type: "begin"; id: number }
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: MimeBundle; metadata?: Record<string, unknown>; displayId?: string }
  | { type: "update"; displayId: string; data: MimeBundle; metadata?: Record<string, unknown> }
  | { type: "clear"; wait: boolean }
  /** A part asks its other half in the kernel (`python.start`). */
  | { type: "ask"; question: number; method: string; params: unknown }
  /** `shown`: the value of a cell as its result. */
  | { type: "done"; id: number; value?: unknown; shown?: Shown; failure?: Failure }
  /** User code ends the process: by `process.exit`, at this place of a cell. */
  | { type: "exiting"; code: number; where: string };

/** A thrown value on its way to the kernel: as the front end shows it, and the thrown object's own cloneable fields. */
export interface Failure {
  error: CellError;
  fields: Record<string, unknown>;
}

/**
 * An event and its place: the number of its marker in stdout. `of`: the request whose code said it, where that is not the
 * one that runs: a timer of an earlier cell.
 */
export type PlacedEvent = EngineEvent & { place: number; of?: number };
