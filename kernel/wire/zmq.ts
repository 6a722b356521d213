import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { Reply, Router, XPublisher } from "zeromq";
import { fail } from "../errors.ts";
import type { Connection, SocketName } from "./connection.ts";
import { decode, encode, signatureOf } from "./frames.ts";
import { newMessage } from "./header.ts";
import type { Channel, Message, Wire } from "./message.ts";
import { watchParent } from "./parent.ts";
import { Signatures } from "./replayed.ts";

/** How long messages may still leave after the sockets were closed, in ms. */
const LINGER = 1000;

/** How many messages may wait in memory for a subscriber that reads slowly: then output waits for it. */
const MOST_WAITING = 500;
const PATIENCE = 10_000;
/** How often output that waits tries again, in ms. */
const RETRY = 2;

/**
 * Binds the sockets of a Jupyter connection file: shell, control and stdin, the publisher, the heartbeat. `patience`: how
 * long a subscriber that reads nothing holds the others up, in ms.
 */
export async function openZmq(connection: Connection, patience = PATIENCE): Promise<Wire> {
  // Unlimited send queues: at a high-water mark ZeroMQ would drop messages, and replies must arrive.
  const options = { linger: LINGER, sendHighWaterMark: 0 };
  const routers = {
    shell: new Router(options),
    control: new Router(options),
    stdin: new Router(options),
  };
  const iopub = new XPublisher({
    linger: LINGER,
    sendHighWaterMark: MOST_WAITING,
    noDrop: true,
    verbosity: "allSubs",
  });
  const heartbeat = new Reply({ linger: 0 });
  const sockets = { ...routers, iopub, hb: heartbeat };

  const bound = Object.entries(sockets).map(async ([name, socket]) => {
    // The keys of `sockets` are the socket names.
    const endpoint = connection.endpoints[name as SocketName];
    await socket.bind(endpoint).catch((error: Error) => {
      throw fail("cannotBind", endpoint, error.message);
    });
  });
  const failed = (await Promise.allSettled(bound)).find((one) => one.status === "rejected");
  if (failed) {
    for (const opened of Object.values(sockets)) opened.close();
    throw failed.reason;
  }

  const session = randomUUID();
  const queues = new Map<Channel, Promise<void>>();
  let handler: ((request: Message) => void) | undefined;

  // A socket takes one send at a time, and after 512 of them in one turn zeromq goes on asynchronously: so each waits
  // for the one before.
  const enqueue = (channel: Channel, frames: Uint8Array[]): Promise<void> => {
    const send = () =>
      channel === "iopub" ? publish(iopub, frames, patience) : routers[channel].send(frames);
    const sent = (queues.get(channel) ?? Promise.resolve()).then(send);
    const settled = sent.catch(() => {});
    queues.set(channel, settled);
    return sent;
  };

  const signatures = new Signatures();
  const isFresh = (frames: readonly Uint8Array[]) => {
    const signature = connection.key === "" ? undefined : signatureOf(frames);
    return signature === undefined || signatures.isNew(signature);
  };

  const receive = async (channel: "shell" | "control" | "stdin") => {
    for await (const frames of routers[channel]) {
      const request = decode(frames, connection.key, channel);
      if (request && isFresh(frames)) handler?.(request);
    }
  };

  // XPUB hands on each subscription: 1 and the topic. The welcome goes out under that topic, to whoever has just made it.
  const welcomeSubscribers = async () => {
    for await (const [frame] of iopub) {
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1).toString();
      const welcome = newMessage("iopub", "iopub_welcome", session, { subscription });
      await enqueue("iopub", encode(welcome, connection.key, subscription));
    }
  };

  const echo = async () => {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  };

  return {
    onRequest(given) {
      handler = given;
      // Reading starts with the handler, so that no request is lost.
      const loops = [receive("shell"), receive("control"), receive("stdin"), welcomeSubscribers(), echo()];
      // A loop ends when its socket is closed; what it was waiting for is rejected then.
      for (const loop of loops) loop.catch(() => {});
    },
    send: async (message) =>
      enqueue(
        message.channel,
        encode(message, connection.key, message.channel === "iopub" ? topicOf(message) : undefined),
      ),
    // Sockets do not tell that the client has gone; the process that started the kernel stands for it.
    onClosed: watchParent,
    async close() {
      await Promise.all(queues.values());
      for (const socket of Object.values(sockets)) socket.close();
      // ZeroMQ removes its files of ipc sockets on a thread of its own, later than a process that ends may live.
      for (const endpoint of Object.values(connection.endpoints)) {
        if (endpoint.startsWith("ipc://")) rmSync(endpoint.slice("ipc://".length), { force: true });
      }
    },
  };
}

/**
 * Sends to all subscribers; while one of them has as much as may wait for it, this waits too, and with it who prints. One
 * that then reads nothing for long (a stopped process) no longer holds up the others: what is for it waits in memory.
 */
async function publish(iopub: XPublisher, frames: Uint8Array[], patience: number): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      return await iopub.send(frames);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    if (performance.now() - start > patience) iopub.sendHighWaterMark = 0;
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** The topic that subscribers may filter by; most take all of them. */
function topicOf(message: Message): string {
  const type = message.header.msg_type;
  return type === "stream" ? `stream.${message.content.name}` : type;
}
