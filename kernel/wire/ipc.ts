import type { ChildProcess } from "node:child_process";
import { isHeader } from "./header.ts";
import type { Message, Wire } from "./message.ts";

/** The end of a Node IPC pipe: `process` in a forked child, a `ChildProcess` in its parent. */
export type IpcEnd = NodeJS.Process | ChildProcess;

/**
 * Messages over a Node IPC pipe with `serialization: "advanced"`. There is one pipe, so its order holds across
 * channels; it closes when either process ends.
 */
export function openIpc(end: IpcEnd): Wire {
  return {
    onRequest(handler) {
      end.on("message", (message: unknown) => {
        if (isMessage(message)) handler(message);
      });
    },
    send(message) {
      return new Promise((resolve, reject) => {
        if (!end.connected || !end.send) return reject(new Error("The IPC pipe is closed."));
        end.send(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
      });
    },
    onClosed(handler) {
      end.once("disconnect", handler);
    },
    async close() {
      if (end.connected) end.disconnect?.();
    },
  };
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Partial<Message>;
  return (
    isHeader(message.header) && typeof message.channel === "string" && typeof message.content === "object"
  );
}
