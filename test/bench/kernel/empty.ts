import { readConnection } from "../../../kernel/wire/connection.ts";
import { newMessage } from "../../../kernel/wire/header.ts";
import type { Channel } from "../../../kernel/wire/message.ts";
import { openZmq } from "../../../kernel/wire/zmq.ts";

/** A kernel that only answers: whatever the cell, its result is 2. What Jupyter's protocol itself costs. */
export async function runEmptyKernel(connectionFile: string): Promise<void> {
  const wire = await openZmq(readConnection(connectionFile));
  process.on("SIGTERM", () => process.exit());
  let count = 0;
  wire.onRequest((request) => {
    const send = (channel: Channel, type: string, content: Record<string, unknown>) =>
      void wire.send(newMessage(channel, type, "empty", content, request));
    send("iopub", "status", { execution_state: "busy" });
    if (request.header.msg_type === "execute_request") {
      count++;
      send("iopub", "execute_input", { code: request.content.code, execution_count: count });
      const data = { "text/plain": "2" };
      send("iopub", "execute_result", { data, metadata: {}, execution_count: count });
      send("shell", "execute_reply", { status: "ok", execution_count: count, user_expressions: {} });
    } else {
      send("shell", request.header.msg_type.replace("_request", "_reply"), { status: "ok" });
    }
    send("iopub", "status", { execution_state: "idle" });
  });
}
