import { describeError } from "../display/value/error.ts";
import { Interrupted } from "./interrupted.ts";
import type { Positions } from "./positions.ts";
import type { Failure } from "./protocol.ts";
import { CellThrew } from "./scope.ts";

/** What a request of the cell `file` ended with, on its way to the kernel. */
export function toFailure(caught: unknown, file: string, positions: Positions): Failure {
  try {
    return failureOf(caught, file, positions);
  } catch {
    // A proxy was thrown that answers nothing.
    return { error: describeError(caught instanceof CellThrew ? caught.thrown : undefined), fields: {} };
  }
}

function failureOf(caught: unknown, file: string, positions: Positions): Failure {
  const thrown = caught instanceof CellThrew ? caught.thrown : caught;
  if (thrown instanceof Interrupted) {
    const { name, message } = thrown;
    return { error: { ename: name, evalue: message, traceback: [`${name}: ${message}`] }, fields: {} };
  }
  const at = caught instanceof CellThrew ? unparsedAt(caught, file) : undefined;
  return {
    error: describeError(thrown, at && (positions.original(at) ?? at)),
    fields: cloneableFields(thrown),
  };
}

/** Where V8 could not parse a cell: its SyntaxError has no frame of the cell. */
function unparsedAt({ thrown, position: { line, column } }: CellThrew, file: string): string | undefined {
  if (!(thrown instanceof SyntaxError) || /\n\s+at /.test(thrown.stack ?? "")) return undefined;
  return `${file}:${line}:${column}`;
}

/** An error's own fields that survive a structured clone. */
function cloneableFields(thrown: unknown): Record<string, unknown> {
  if (typeof thrown !== "object" || thrown === null) return {};
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(thrown)) {
    try {
      fields[key] = structuredClone(Reflect.get(thrown, key));
    } catch {
      // A function, a handle, a getter that throws: of use in the engine only.
    }
  }
  return fields;
}
