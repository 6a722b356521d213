import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newMessage } from "./header.ts";
import type { Message, Wire } from "./message.ts";
import { isBehindJupyterServer, jupyterServerPace, type Pace, paced, usualPace } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/**
 * Jupyter Server's count of what it hands on, as `_limit_rate` of jupyter_server/services/kernels/connection/channels.py
 * does it with its default limits.
 */
class JupyterServer {
  readonly passed: Message[] = [];
  dropped = 0;
  #window: { until: number; bytes: number }[] = [];

  take(message: Message): void {
    const type = message.header.msg_type;
    if (message.content.execution_state === "idle") this.#window = [];
    if (!["status", "comm_open", "execute_input"].includes(type)) {
      const now = performance.now();
      this.#window = this.#window.filter(({ until }) => now < until);
      const bytes = type === "stream" ? JSON.stringify(message).length : 0;
      const sum = this.#window.reduce((all, one) => all + one.bytes, bytes);
      if (this.#window.length + 1 > 3000 || sum > 3e6) {
        this.dropped++;
        return;
      }
      this.#window.push({ until: now + 3000, bytes });
    }
    this.passed.push(message);
  }
}

/** A paced wire to such a server; requests come in by `ask`. */
function wireTo(server: { take(message: Message): void }, pace: Pace = jupyterServerPace) {
  let handler: (request: Message) => void = () => {};
  const direct: Wire = {
    onRequest: (given) => {
      handler = given;
    },
    send: async (message) => server.take(message),
    onClosed() {},
    close: async () => {},
  };
  const wire = paced(direct, pace);
  const requests: string[] = [];
  wire.onRequest((request) => requests.push(request.header.msg_type));
  const send = (type: string, content: Record<string, unknown>) =>
    wire.send(newMessage("iopub", type, "kernel", content));
  return { send, requests, ask: (type: string) => handler(newMessage("control", type, "client", {})) };
}

test("a flood of small messages gets through whole and in order", async () => {
  const server = new JupyterServer();
  const { send } = wireTo(server);
  const sent = Array.from({ length: 12_000 }, (_, i) => send(i % 7 === 0 ? "status" : "display_data", { i }));
  await vi.advanceTimersByTimeAsync(1);
  expect(server.passed.length).toBeGreaterThan(700);
  await vi.advanceTimersByTimeAsync(40_000);
  await Promise.all(sent);
  expect(server.dropped).toBe(0);
  expect(server.passed.map(({ content }) => content.i)).toEqual(Array.from({ length: 12_000 }, (_, i) => i));
});

test("a flood of text gets through whole, with an interrupt's answer soon", async () => {
  const server = new JupyterServer();
  const { send, ask, requests } = wireTo(server);
  const text = "line\n".repeat(12_000);
  const sent = Array.from({ length: 80 }, () => send("stream", { name: "stdout", text }));
  await vi.advanceTimersByTimeAsync(2000);
  const before = server.passed.length;
  ask("interrupt_request");
  await vi.advanceTimersByTimeAsync(10);
  expect(requests).toEqual(["interrupt_request"]);
  expect(server.passed.length - before).toBeGreaterThan(3);
  await vi.advanceTimersByTimeAsync(60_000);
  await Promise.all(sent);
  expect(server.dropped).toBe(0);
  expect(server.passed).toHaveLength(80);
});

test("each idle status begins anew, and pictures count for one message", async () => {
  const server = new JupyterServer();
  const { send } = wireTo(server);
  for (let cell = 0; cell < 20; cell++) {
    void send("stream", { name: "stdout", text: "x".repeat(1e6) });
    void send("display_data", { data: { "image/png": "x".repeat(4e6) } });
    void send("status", { execution_state: "idle" });
  }
  await vi.advanceTimersByTimeAsync(1);
  expect(server.passed).toHaveLength(60);
});

test("a flood for other clients is slowed to what they read, whatever its size in bytes", async () => {
  const passed: Message[] = [];
  const { send } = wireTo({ take: (message) => void passed.push(message) }, usualPace);
  const text = "x".repeat(1000);
  for (let i = 0; i < 6000; i++) void send("stream", { text });
  await vi.advanceTimersByTimeAsync(1000);
  expect(passed.length).toBeGreaterThan(3500);
  expect(passed.length).toBeLessThan(4500);
  await vi.advanceTimersByTimeAsync(3000);
  expect(passed).toHaveLength(6000);
});

test("Jupyter Server is known by what it sets for a notebook's kernel", () => {
  expect(isBehindJupyterServer({ JPY_SESSION_NAME: "a.ipynb" })).toBe(true);
  expect(isBehindJupyterServer({})).toBe(false);
});
