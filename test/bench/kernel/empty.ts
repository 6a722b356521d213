import { readConnection } from "../../../kernel/wire/connection.ts";
import { newMessage } from "../../../kernel/wire/header.ts";
import type { Channel } from "../../../kernel/wire/message.ts";
import { openZmq } from "../../../kernel/wire/zmq.ts";

/**
 * A kernel that only answers: what Jupyter's protocol itself costs. A cell's result is what `evaluate` makes of its code; without
 * it 2, whatever the cell.
 */
export async function runEmptyKernel(
  connectionFile: string,
  evaluate?: (code: string) => Promise<string>,
): Promise<void> {
  const wire = await openZmq(readConnection(connectionFile));
  process.on("SIGTERM", () => process.exit());
  let count = 0;
  wire.onRequest(async (request) => {
    const send = (channel: Channel, type: string, content: Record<string, unknown>) =>
      void wire.send(newMessage(channel, type, "empty", content, request));
    send("iopub", "status", { execution_state: "busy" });
    if (request.header.msg_type === "execute_request") {
      count++;
      const { code } = request.content;
      const result = evaluate?.(String(code));
      send("iopub", "execute_input", { code, execution_count: count });
      const data = { "text/plain": (await result) ?? "2" };
      send("iopub", "execute_result", { data, metadata: {}, execution_count: count });
      send("shell", "execute_reply", { status: "ok", execution_count: count, user_expressions: {} });
    } else {
      send("shell", request.header.msg_type.replace("_request", "_reply"), { status: "ok" });
    }
    send("iopub", "status", { execution_state: "idle" });
  });
}
