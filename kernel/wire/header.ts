import { randomUUID } from "node:crypto";
import type { Channel, Header, Message } from "./message.ts";

/** The version of Jupyter's messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.5";

/** A header for a new message of `session`. */
function newHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "tandem",
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

/** A message of our own: an answer to `parent` where there is one. */
export function newMessage(
  channel: Channel,
  type: string,
  session: string,
  content: Record<string, unknown>,
  parent?: Message,
  metadata: Record<string, unknown> = {},
): Message {
  const message: Message = {
    channel,
    header: newHeader(type, session),
    parent_header: parent?.header ?? {},
    metadata,
    content,
    buffers: [],
  };
  if (parent?.identities && channel !== "iopub") message.identities = parent.identities;
  return message;
}

/** Whether an object from outside can be used as a header: the two fields that everything else relies on. */
export function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const header = value as Partial<Header>;
  return typeof header.msg_id === "string" && typeof header.msg_type === "string";
}
