import type { Completions, Inspection } from "../typescript/service.ts";
import type { MimeBundle } from "../wire/message.ts";
import type { AskForInput, CellError, CellOutcome, CellOutput, CommMessage } from "./cell.ts";
import type { HistoryEntry, HistoryQuery } from "./history/select.ts";
import type { CellDiagnostic } from "./magic.ts";

/** What the wire asks of the kernel (`Kernel` in kernel.ts). Neither Jupyter's messages nor sockets appear here. */
export interface Requests {
  /**
   * Queues a cell; cells run one at a time, in the order of the calls. Resolves when it is over: never rejects for
   * what user code does. All of the cell's own output has been handed to `request.output` by then, and when `rest`
   * resolves what was to be said about it, too. The next cell starts behind that.
   */
  execute(request: ExecuteRequest): Promise<ExecuteOutcome>;
  /** Evaluates an expression for `user_expressions`, between cells; shown by its MIME bundle. */
  expression(source: string, subshell?: string): Promise<{ data: MimeBundle } | { error: CellError }>;
  /** `offset` in UTF-16 units. Answered while a cell runs, too. */
  complete(text: string, offset: number): Promise<Completions>;
  /** `offset` in UTF-16 units. Answered while a cell runs, too. */
  inspect(text: string, offset: number): Promise<Inspection | undefined>;
  isComplete(text: string): Promise<Completeness>;
  /**
   * What is wrong in a cell that is being written. Answered while a cell runs, too. `key` names the cell: a later question about it
   * calls off the earlier, which then resolves with undefined.
   */
  diagnose(text: string, key: string): Promise<readonly CellDiagnostic[] | undefined>;
  /** What a history request asks for, oldest first. */
  history(query: HistoryQuery): Promise<readonly HistoryEntry[]>;
  /** Hands a comm's message from the front end to the engine; what its handlers print goes to `output`. */
  comm(message: CommMessage, output: CellOutput): Promise<void>;
  /** The open comms: target names by comm id. */
  comms(): ReadonlyMap<string, string>;
  readonly subshells: Subshells;
  /** Answers a request of the Debug Adapter Protocol; rejects for what is not known. */
  debug(command: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Stops the running cell and keeps the state. */
  interrupt(): void;
  /** A fresh engine in the place of the old one: all variables are gone, execution counts start again. */
  restart(): Promise<void>;
  /** Ends the engine and every child process. */
  close(): Promise<void>;
}

/** Queues beside the main one (Jupyter's JEP 91): their cells run while a cell of another queue awaits something. */
export interface Subshells {
  create(): string;
  /** Calls off what waits in it; rejects ids that are not known. */
  delete(id: string): void;
  list(): string[];
}

export interface ExecuteRequest {
  readonly source: string;
  /** Whether it gets an execution count of its own and a place in the history. */
  readonly storeHistory: boolean;
  /** If this cell fails, the cells that wait behind it are aborted. */
  readonly stopOnError: boolean;
  /** Asks the person who runs the cell; left out where the front end takes no input. */
  readonly input?: AskForInput;
  /** The subshell whose queue it waits in; the main one where it is left out. Unknown ones reject. */
  readonly subshell?: string;
  /** Stays usable after the cell is over: a timer may print later. */
  readonly output: CellOutput;
  /** The cell's turn has come; called before any output, and not at all for an aborted cell. */
  started(number: number): void;
}

export type ExecuteOutcome = { number: number; rest?: Promise<void> } & (CellOutcome | { status: "aborted" });

export type Completeness =
  | { status: "complete" | "invalid" | "unknown" }
  | { status: "incomplete"; indent: string };
