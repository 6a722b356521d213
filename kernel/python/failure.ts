import type { CellError } from "../cells/cell.ts";
import { type ErrorCode, fail, type TandemError } from "../errors.ts";
import type { PythonFailure } from "./protocol.ts";

type Raised = Extract<PythonFailure, { traceback: string }>;

/** An exception that Python raised. `name` is its class, `traceback` is as Python prints it. */
export class PythonError extends Error {
  declare readonly traceback: string;

  /** `site` was made where TypeScript called; its stack goes below Python's frames. */
  constructor(failure: Raised, site: { stack?: string }) {
    super(failure.message);
    this.name = failure.name;
    const frames = failure.frames.map((frame) => `    at ${frame.function} (${frame.file}:${frame.line})`);
    const below = (site.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
    this.stack = [`${failure.name}: ${failure.message}`, ...frames, ...below].join("\n");
    // Not shown beside the stack, which says the same.
    Object.defineProperty(this, "traceback", { value: failure.traceback, configurable: true });
  }
}

/** The error to throw for a failure. */
export function toError(failure: PythonFailure, site: { stack?: string }): PythonError | TandemError {
  if ("code" in failure) return fromCatalogue(failure);
  // Under a class of its own name, as `ValueError` in Python: that is what Node's inspect shows.
  const Named = { [failure.name]: class extends PythonError {} }[failure.name] ?? PythonError;
  return new Named(failure, site);
}

/** A failed cell's error as the front end shows it. */
export function toCellError(failure: PythonFailure): CellError {
  if ("code" in failure) {
    const { name, message } = fromCatalogue(failure);
    return { ename: name, evalue: message, traceback: message.split("\n") };
  }
  return { ename: failure.name, evalue: failure.message, traceback: failure.traceback.split("\n") };
}

function fromCatalogue({ code, facts }: Extract<PythonFailure, { code: string }>): TandemError {
  // The runner is our own code: it names entries of the catalogue, with their facts.
  return (fail as (code: ErrorCode, ...facts: readonly string[]) => TandemError)(code as ErrorCode, ...facts);
}
