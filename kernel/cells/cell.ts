import type { MimeBundle } from "../wire/message.ts";

/** One execution of one cell, from its request to its idle status. */
export interface Cell {
  /** Execution count, from 1. */
  readonly number: number;
  /** The name in stacks and diagnostics: `cell-7.ts`, `cell-7.rs`, `cell-7.py`; without a folder. */
  readonly file: string;
  /** The whole text as the front end sent it, magic line included. */
  readonly source: string;
  readonly output: CellOutput;
  /** Aborted by an interrupt. */
  readonly signal: AbortSignal;
  /** Asks the person at the front end; left out where nobody can be asked. Rejects when the cell is interrupted. */
  readonly input?: AskForInput;
}

/** Asks for a line of text; `password`: it is not shown while it is typed. */
export type AskForInput = (prompt: string, password: boolean) => Promise<string>;

/** A message of a comm, which joins an object in the engine to one in the front end. */
export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  /** As in Jupyter's messages: `comm_id`, `data`, and for comm_open `target_name`. */
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: Uint8Array[];
}

/** Where a cell's output goes; each call is sent in the order of the calls. */
export interface CellOutput {
  stream(name: "stdout" | "stderr", text: string): void;
  display(data: MimeBundle, metadata?: Record<string, unknown>, displayId?: string): void;
  updateDisplay(displayId: string, data: MimeBundle, metadata?: Record<string, unknown>): void;
  clear(wait: boolean): void;
  /** The cell's value: at most one for a cell. */
  result(data: MimeBundle, metadata?: Record<string, unknown>): void;
  /** A comm's message to the front end; nobody gets it where this is left out. */
  comm?(message: CommMessage): void;
  /** Puts a text into a new cell below, or whatever the front end has for that; left out where there is none. */
  nextInput?(text: string): void;
  /** Resolves when all that was handed over has left the process: who produces faster waits for it. */
  drained(): Promise<void>;
}

/** An error as Jupyter shows it. `traceback` lines carry no colours and name cells, not our own frames. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

export type CellOutcome = { status: "ok" } | { status: "error"; error: CellError };
