import { inspect, types } from "node:util";
import { withSourcePositions } from "../../engine/stack-traces.ts";
import type { SentError } from "../protocol.ts";
import { findImmovable } from "./immovable.ts";

/** Takes a thrown value apart so that it can cross: a structured clone of an error drops its class and fields. */
export function sendThrown(thrown: unknown, depth = 0): SentError {
  if (!types.isNativeError(thrown)) {
    return { kind: "value", value: findImmovable(thrown) ? inspect(thrown) : thrown };
  }
  const { cause, errors } = thrown as { cause?: unknown; errors?: unknown };
  const fields = Object.entries(thrown).filter(
    ([name, value]) => name !== "cause" && name !== "errors" && !findImmovable(value),
  );
  return {
    kind: "error",
    name: String(thrown.name),
    className: thrown.constructor?.name ?? "Error",
    message: String(thrown.message),
    stack: String(thrown.stack ?? thrown),
    fields: Object.fromEntries(fields),
    ...(cause !== undefined && depth < 8 ? { cause: sendThrown(cause, depth + 1) } : {}),
    ...(Array.isArray(errors) && depth < 8
      ? { errors: errors.map((error) => sendThrown(error, depth + 1)) }
      : {}),
  };
}

/**
 * Puts a thrown value together again. `classOf` finds an error class of the notebook by its name, so that
 * `instanceof` holds on this side too.
 */
export function receiveThrown(sent: SentError, classOf: (name: string) => unknown): unknown {
  if (sent.kind === "value") return sent.value;
  const error = new Error(sent.message);
  const found = classOf(sent.className);
  if (isErrorClass(found)) Object.setPrototypeOf(error, found.prototype as object);
  Object.assign(error, sent.fields);
  if (error.name !== sent.name) hidden(error, "name", sent.name);
  hidden(error, "stack", withSourcePositions(sent.stack));
  if (sent.cause) hidden(error, "cause", receiveThrown(sent.cause, classOf));
  if (sent.errors) {
    hidden(
      error,
      "errors",
      sent.errors.map((each) => receiveThrown(each, classOf)),
    );
  }
  return error;
}

function hidden(error: Error, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, writable: true, configurable: true, enumerable: false });
}

function isErrorClass(value: unknown): value is typeof Error {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}
