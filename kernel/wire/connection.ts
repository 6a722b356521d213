import { readFileSync } from "node:fs";
import { fail } from "../errors.ts";

/** The five sockets of a Jupyter kernel. */
export const SOCKETS = ["shell", "control", "stdin", "iopub", "hb"] as const;
export type SocketName = (typeof SOCKETS)[number];

/** A Jupyter connection file, read and checked. */
export interface Connection {
  /** Empty: messages are not signed. */
  key: string;
  /** ZeroMQ endpoints to bind. */
  endpoints: Record<SocketName, string>;
}

/** Reads the connection file that a Jupyter client writes for its kernel. */
export function readConnection(file: string): Connection {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw fail("connectionFile", file, (error as Error).message);
  }
  try {
    return parseConnection(text);
  } catch (error) {
    throw fail("connectionFile", file, (error as Error).message);
  }
}

/** Takes the text of a connection file apart; throws an Error that says what is wrong with it. */
export function parseConnection(text: string): Connection {
  const fields = JSON.parse(text) as Record<string, unknown>;
  const { transport = "tcp", ip = "127.0.0.1", key = "", signature_scheme: scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") throw new Error(`The transport ${transport} is not known.`);
  if (typeof ip !== "string" || typeof key !== "string") throw new Error("ip and key must be strings.");
  if (key !== "" && scheme !== "hmac-sha256") throw new Error(`The signature scheme ${scheme} is not known.`);
  const endpoint = (name: SocketName) => {
    const port = fields[`${name}_port`];
    if (typeof port !== "number" || !Number.isInteger(port)) throw new Error(`${name}_port is not a port.`);
    // With ipc, `ip` is a path and the port its suffix.
    return transport === "tcp" ? `tcp://${ip.includes(":") ? `[${ip}]` : ip}:${port}` : `ipc://${ip}-${port}`;
  };
  const endpoints = Object.fromEntries(SOCKETS.map((name) => [name, endpoint(name)]));
  return { key, endpoints: endpoints as Record<SocketName, string> };
}
