import type { MessagePort } from "node:worker_threads";

/** What the engine asks of the process of an isolated cell. */
export interface Question {
  readonly id: number;
  readonly library: string;
  readonly file: string;
  readonly bigAsNumber: boolean;
  /** Of the function, or of the constant to be read. */
  readonly path: string;
  readonly constant: boolean;
  readonly async: boolean;
  readonly values: readonly unknown[];
  /** The arguments that the function writes to: they come back with the answer. */
  readonly written: readonly number[];
}

/** An error as it crosses. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Answer =
  | { readonly id: number; readonly value: unknown; readonly written: readonly unknown[] }
  | { readonly id: number; readonly failure: Failure }
  /** The process has ended with whatever was under way. */
  | { readonly ended: string };

/** What the thread between the two is started with. */
export interface BridgeData {
  /** The bundle of the process. */
  readonly bundle: string;
  /** Counts the answers: who waits for one sleeps on it. */
  readonly answers: SharedArrayBuffer;
  /** To the engine's main thread. */
  readonly port: MessagePort;
}
