import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KernelClient, KernelGone } from "./client.ts";
import type { Message } from "./message.ts";

let child: ChildProcess;
let client: KernelClient;
beforeEach(() => {
  child = fork(join(process.env.TANDEM_TEST_BUNDLES ?? "", "tandem.cjs"), ["kernel", "--ipc"], {
    serialization: "advanced",
    execArgv: [],
  });
  client = new KernelClient(child);
});
afterEach(async () => {
  const exit = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
  if (child.connected) child.disconnect();
  await exit;
});

const execute = async (code: string) => {
  const messages: Message[] = [];
  const reply = await client.request("shell", "execute_request", { code }, (message) =>
    messages.push(message),
  );
  const results = messages.filter((message) => message.header.msg_type === "execute_result");
  return { reply: reply.content, messages, result: results[0]?.content.data };
};

describe("a kernel over Node IPC", () => {
  it("answers with its output in order, reply and idle last", async () => {
    const { reply, messages, result } = await execute("console.log('a'); 6 * 7");
    expect(reply).toMatchObject({ status: "ok", execution_count: 1 });
    expect(messages.map((message) => message.header.msg_type)).toEqual([
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
    ]);
    expect(result).toEqual({ "text/plain": "42" });
  });

  it("hands output to its cell even after that is over", async () => {
    const late = new Promise<Message>((resolve) => {
      const onOutput = (message: Message) => {
        if (message.header.msg_type === "stream") resolve(message);
      };
      const code = "setTimeout(() => console.log('late'), 100)";
      // Whether its reply comes before the kernel is ended is not what is looked at here.
      client.request("shell", "execute_request", { code }, onOutput).catch(() => {});
    });
    expect((await late).content.text).toBe("late\n");
  });

  it("asks who runs a cell and takes the answer", async () => {
    const results: unknown[] = [];
    const content = { code: '"hello " + (await input("Name? "))', allow_stdin: true };
    const reply = await client.request("shell", "execute_request", content, (message) => {
      if (message.header.msg_type === "input_request") client.answerInput(message, "Ada");
      if (message.header.msg_type === "execute_result") results.push(message.content.data);
    });
    expect(reply.content.status).toBe("ok");
    expect(results).toEqual([{ "text/plain": "'hello Ada'" }]);
  });

  it("restarts in place: variables gone, counts from 1, the same process", async () => {
    await execute("let gone = 1");
    const reply = await client.request("control", "shutdown_request", { restart: true });
    expect(reply.content).toEqual({ status: "ok", restart: true });
    const { reply: after, result } = await execute("typeof gone");
    expect([after.execution_count, result]).toEqual([1, { "text/plain": "'undefined'" }]);
    expect(child.exitCode).toBeNull();
  });

  it("restarts out of an endless loop", async () => {
    const running = execute("while (true) {}");
    await client.request("control", "shutdown_request", { restart: true });
    expect((await running).reply.status).toBe("error");
    expect((await execute("1 + 1")).result).toEqual({ "text/plain": "2" });
  });

  it("ends after a shutdown request", async () => {
    const exit = once(child, "exit");
    await client.request("control", "shutdown_request", { restart: false });
    expect((await exit)[0]).toBe(0);
  });

  it("ends with its client", async () => {
    await execute("1");
    const exit = once(child, "exit");
    child.disconnect();
    expect((await exit)[0]).toBe(0);
  });

  it("rejects what is open when the kernel dies", async () => {
    await execute("1");
    const running = execute("await new Promise(() => {})");
    child.kill("SIGKILL");
    await expect(running).rejects.toThrow(KernelGone);
    await expect(execute("1")).rejects.toThrow(KernelGone);
  });
});
