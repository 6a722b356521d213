import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Dealer, Request, Subscriber } from "zeromq";
import { until } from "../../test/until.ts";
import { type Connection, parseConnection, SOCKETS } from "./connection.ts";
import { decode, encode } from "./frames.ts";
import { newMessage } from "./header.ts";
import type { Message, Wire } from "./message.ts";
import { openZmq } from "./zmq.ts";

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function tcp(key: string): Promise<Connection> {
  const pairs = await Promise.all(SOCKETS.map(async (name) => [name, `tcp://127.0.0.1:${await freePort()}`]));
  return { key, endpoints: Object.fromEntries(pairs) as Connection["endpoints"] };
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(
  connection: Connection,
  patience?: number,
): Promise<{ wire: Wire; requests: Message[]; shell: Dealer }> {
  const wire = await openZmq(connection, patience);
  const requests: Message[] = [];
  wire.onRequest((request) => requests.push(request));
  const shell = new Dealer({ linger: 0, receiveTimeout: 10_000 });
  shell.connect(connection.endpoints.shell);
  cleanups.push(
    () => wire.close(),
    () => shell.close(),
  );
  return { wire, requests, shell };
}

/** A client's end of iopub with ZeroMQ's usual queue, once it is welcome. */
async function subscriber(connection: Connection): Promise<Subscriber> {
  const iopub = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
  cleanups.push(() => iopub.close());
  iopub.connect(connection.endpoints.iopub);
  iopub.subscribe("");
  expect(decode(await iopub.receive(), connection.key, "iopub")?.header.msg_type).toBe("iopub_welcome");
  return iopub;
}

describe("ZeroMQ wire", () => {
  it("takes a signed message once, on whichever socket it comes again", async () => {
    const connection = await tcp("key");
    const { requests, shell } = await open(connection);
    const control = new Dealer({ linger: 0 });
    control.connect(connection.endpoints.control);
    cleanups.push(() => control.close());
    const recorded = encode(newMessage("shell", "execute_request", "client", { code: "1" }), "key");
    await shell.send(recorded);
    await shell.send(recorded);
    await until(() => requests.length === 1);
    await control.send(recorded);
    for (const socket of [shell, control])
      await socket.send(encode(newMessage("shell", "kernel_info_request", "client", {}), "key"));
    await until(
      () => requests.filter(({ header }) => header.msg_type === "kernel_info_request").length === 2,
    );
    expect(requests.filter(({ header }) => header.msg_type === "execute_request")).toHaveLength(1);
  });

  it("takes the same message again where nothing is signed", async () => {
    const connection = await tcp("");
    const { requests, shell } = await open(connection);
    const frames = encode(newMessage("shell", "kernel_info_request", "client", {}), "");
    await shell.send(frames);
    await shell.send(frames);
    await until(() => requests.length === 2);
  });

  it("listens on the loopback address alone where the connection file names none", async () => {
    const ports = Object.fromEntries(
      await Promise.all(SOCKETS.map(async (name) => [`${name}_port`, await freePort()])),
    ) as Record<string, number>;
    const connection = parseConnection(JSON.stringify({ key: "k", ...ports }));
    await open(connection);
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const answers = (host: string, port: number) =>
      new Promise<boolean>((resolve) => {
        const socket = createConnection({ host, port }, () => resolve(true));
        socket.on("error", () => resolve(false));
        cleanups.push(() => socket.destroy());
      });
    for (const port of Object.values(ports)) {
      expect(await answers("127.0.0.1", port)).toBe(true);
      for (const { address, family, internal } of others) {
        if (!internal && family === "IPv4") expect(await answers(address, port)).toBe(false);
      }
    }
  });

  it("hands a request on and its reply back to the one who asked", async () => {
    const connection = await tcp("key");
    const { wire, requests, shell } = await open(connection);
    const ask = newMessage("shell", "kernel_info_request", "client", {});
    await shell.send(encode(ask, "key"));
    await until(() => requests.length === 1);
    await wire.send(newMessage("shell", "kernel_info_reply", "kernel", { status: "ok" }, requests[0]));
    const reply = decode(await shell.receive(), "key", "shell");
    expect(reply?.header.msg_type).toBe("kernel_info_reply");
    expect(reply?.parent_header).toEqual(ask.header);
  });

  it("drops wrong signatures and what is no message, and goes on", async () => {
    const connection = await tcp("key");
    const { requests, shell } = await open(connection);
    await shell.send(encode(newMessage("shell", "a_request", "client", {}), "wrong"));
    await shell.send("noise");
    await shell.send(encode(newMessage("shell", "b_request", "client", {}), "key"));
    await until(() => requests.length > 0);
    expect(requests.map((request) => request.header.msg_type)).toEqual(["b_request"]);
  });

  it("waits for a subscriber that reads slowly, which then gets all of it", async () => {
    const connection = await tcp("");
    const { wire } = await open(connection);
    const iopub = await subscriber(connection);
    const text = "x".repeat(20_000);
    let sent = 0;
    for (let i = 0; i < 5000; i++) {
      void wire.send(newMessage("iopub", "stream", "kernel", { i, text })).then(() => sent++);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Its own queue, ours and the system's buffers are full.
    expect(sent).toBeLessThan(3000);
    for (let i = 0; i < 5000; i++) expect(decode(await iopub.receive(), "", "iopub")?.content.i).toBe(i);
    await until(() => sent === 5000);
  });

  it("is not held up for good by a subscriber that reads nothing", async () => {
    const connection = await tcp("");
    const { wire } = await open(connection, 200);
    const reading = await subscriber(connection);
    await subscriber(connection);
    const text = "x".repeat(20_000);
    for (let i = 0; i < 5000; i++) void wire.send(newMessage("iopub", "stream", "kernel", { i, text }));
    let next = 0;
    while (next < 5000) {
      const message = decode(await reading.receive(), "", "iopub");
      // The welcome of the other one.
      if (message?.header.msg_type === "stream") expect(message.content.i).toBe(next++);
    }
  });

  it("welcomes a subscriber, then publishes thousands of messages in order and without loss", async () => {
    const connection = await tcp("");
    const { wire } = await open(connection);
    const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0, receiveTimeout: 10_000 });
    cleanups.push(() => iopub.close());
    iopub.connect(connection.endpoints.iopub);
    iopub.subscribe("");
    const welcome = decode(await iopub.receive(), "", "iopub");
    expect(welcome?.header.msg_type).toBe("iopub_welcome");
    expect(welcome?.content).toEqual({ subscription: "" });

    const count = 5000;
    for (let i = 0; i < count; i++) {
      void wire.send(newMessage("iopub", "stream", "kernel", { name: "stdout", text: `${i}` }));
    }
    for (let i = 0; i < count; i++) {
      expect(decode(await iopub.receive(), "", "iopub")?.content.text).toBe(`${i}`);
    }
  });

  it("echoes heartbeats", async () => {
    const connection = await tcp("");
    await open(connection);
    const beat = new Request({ linger: 0, receiveTimeout: 10_000 });
    cleanups.push(() => beat.close());
    beat.connect(connection.endpoints.hb);
    for (const text of ["ping", "again"]) {
      await beat.send(text);
      expect((await beat.receive()).toString()).toBe(text);
    }
  });

  it.skipIf(process.platform === "win32")("works over Unix sockets", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-"));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const endpoints = Object.fromEntries(SOCKETS.map((name) => [name, `ipc://${folder}/${name}`]));
    const connection = { key: randomUUID(), endpoints: endpoints as Connection["endpoints"] };
    const { requests, shell } = await open(connection);
    await shell.send(encode(newMessage("shell", "a_request", "client", {}), connection.key));
    await until(() => requests.length === 1);
  });

  it("says which endpoint is taken", async () => {
    const connection = await tcp("");
    await open(connection);
    await expect(openZmq(connection)).rejects.toThrow(connection.endpoints.shell);
  });
});
