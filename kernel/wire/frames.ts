import { createHmac, timingSafeEqual } from "node:crypto";
import { isHeader } from "./header.ts";
import type { Channel, Message } from "./message.ts";

/** Separates ZeroMQ's routing prefix from the message in Jupyter's wire format. */
const DELIMITER = Buffer.from("<IDS|MSG>");

/**
 * Jupyter's signature over the four JSON frames: HMAC-SHA256 in lower-case hex, empty where the key is empty
 * (https://jupyter-client.readthedocs.io, "The Wire Protocol").
 */
function sign(key: string, json: readonly Uint8Array[]): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const frame of json) hmac.update(frame);
  return hmac.digest("hex");
}

/** A message as ZeroMQ frames. `topic` is the prefix that subscribers filter by; others get the routing prefix. */
export function encode(message: Message, key: string, topic?: string): Uint8Array[] {
  const json = [message.header, message.parent_header, message.metadata, message.content].map((part) =>
    Buffer.from(JSON.stringify(part)),
  );
  const prefix = topic === undefined ? (message.identities ?? []) : [Buffer.from(topic)];
  return [...prefix, DELIMITER, Buffer.from(sign(key, json)), ...json, ...message.buffers];
}

/** A message from ZeroMQ frames; undefined where it is malformed or its signature is wrong. */
export function decode(frames: readonly Uint8Array[], key: string, channel: Channel): Message | undefined {
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (at < 0 || frames.length < at + 6) return undefined;
  const json = frames.slice(at + 2, at + 6);
  const expected = Buffer.from(sign(key, json));
  const given = frames[at + 1];
  // An empty key switches signing off: whatever stands in the signature's place is not looked at.
  if (key !== "" && (given?.length !== expected.length || !timingSafeEqual(given, expected)))
    return undefined;
  try {
    const [header, parent, metadata, content] = json.map((frame) =>
      JSON.parse(Buffer.from(frame).toString()),
    );
    if (!isHeader(header) || !isObject(content)) return undefined;
    return {
      channel,
      header,
      parent_header: isHeader(parent) ? parent : {},
      metadata: isObject(metadata) ? metadata : {},
      content,
      buffers: frames.slice(at + 6),
      identities: frames.slice(0, at),
    };
  } catch {
    return undefined;
  }
}

/** The frame that holds a message's signature. */
export function signatureOf(frames: readonly Uint8Array[]): Uint8Array | undefined {
  return frames[frames.findIndex((frame) => DELIMITER.equals(frame)) + 1];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
