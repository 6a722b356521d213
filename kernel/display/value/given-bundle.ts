import { fail } from "../../errors.ts";
import type { MimeBundle } from "../../wire/message.ts";

/**
 * A MIME bundle that user code made, as Jupyter's messages carry it: bytes in base64, everything else JSON.
 * Throws the catalogue's `badBundle`.
 */
export function givenBundle(value: unknown): MimeBundle {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fail("badBundle", "It is not an object from MIME types to data.");
  }
  return Object.fromEntries(Object.entries(value).map(([mime, data]) => [mime, toSendable(mime, data)]));
}

function toSendable(mime: string, data: unknown): unknown {
  if (typeof data === "string") return data;
  if (data instanceof Uint8Array) {
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  }
  let json: string | undefined;
  try {
    json = JSON.stringify(data);
  } catch (error) {
    // Node draws the circle on further lines.
    throw fail("badBundle", `${mime}: ${(error as Error).message.split("\n", 1)[0]}.`);
  }
  if (json === undefined) throw fail("badBundle", `${mime}: its data is ${typeof data}.`);
  return JSON.parse(json);
}
