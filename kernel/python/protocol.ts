import type { MimeBundle } from "../wire/message.ts";
import type { Node } from "./values.ts";

/** What the runner says; `runner/tandem_runner/runner.py` is the other side. */

/** Its first line on stdout. */
export interface Hello {
  readonly version: string;
  readonly tooOld?: true;
  readonly executable: string;
  /** Whether the interpreter lock is on. */
  readonly gil: boolean;
  /** Whether it is a build that can run without that lock. */
  readonly freeThreaded: boolean;
  readonly address: { readonly path: string } | { readonly port: number };
}

/** A Python exception, or an entry of the catalogue of errors with its facts. */
export type PythonFailure =
  | {
      readonly name: string;
      readonly message: string;
      /** As Python prints it, without the runner's frames. */
      readonly traceback: string;
      /** The innermost first. */
      readonly frames: readonly { function: string; file: string; line: number | null }[];
    }
  | { readonly code: string; readonly facts: readonly string[] };

/** To the kernel; `place` is the number of the event's marker in stdout. */
export type KernelMessage =
  | { interrupted: true }
  | { event: RunnerEvent & { place: number } }
  /** What `complete` or `inspect` found; it does not wait for output. */
  | { looked: { id: number; found: unknown } };

export type RunnerEvent =
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display" | "result"; data: MimeBundle; metadata: Record<string, unknown> }
  /** Python's `input()`; answered by `answer` with the same number. */
  | { type: "input"; number: number; prompt: string; password: boolean }
  /** The end of the kernel's request `id`, or of an engine's call, which waits for an `ack`. */
  | { type: "done"; id?: number; call?: number; error?: PythonFailure };

/** To an engine. */
export type Reply =
  /** `copied`: what went into files for its size: its name, and bytes. */
  { id: number; result: Node; copied?: [string, number][] } | { id: number; error: PythonFailure };
