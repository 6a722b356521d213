import { performance } from "node:perf_hooks";
import { describeError } from "../display/value/error.ts";
import { createImporter } from "../engine/importer.ts";
import { Builder } from "./in-worker/builder.ts";
import { installGlobals, setUp } from "./in-worker/globals.ts";
import { type ItemFunction, type RunInWorker, runChunk, runTyped } from "./in-worker/items.ts";
import { openLine } from "./in-worker/line.ts";
import { routeOutput } from "./in-worker/output.ts";
import { Waits } from "./in-worker/waits.ts";
import type { ToWorker } from "./protocol.ts";
import { withRetries } from "./retries.ts";
import { unpack } from "./values/packed.ts";
import { sendThrown } from "./values/thrown.ts";
import { unsendable } from "./values/unsendable.ts";

/** A worker of the engine, a thread or a process: builds the surroundings of a function, then works on chunks of items. */

const line = openLine();
const importer = createImporter(line.start.folder);
const builder = new Builder({ importModule: importer.load });
routeOutput(line.post);
installGlobals(importer, line.post);
const waits = new Waits(line);

const report = (prefix: string, thrown: unknown) =>
  line.post({
    type: "stream",
    name: "stderr",
    text: `${prefix} ${describeError(thrown).traceback.join("\n")}\n`,
  });
process.on("uncaughtException", (error) => report("Uncaught", error));
process.on("unhandledRejection", (reason) => report("Unhandled rejection:", reason));

/** The run whose surroundings were built last; undefined where that failed. */
let current: RunInWorker | undefined;

async function prepare({ run, ...message }: Extract<ToWorker, { type: "prepare" }>): Promise<void> {
  current = undefined;
  try {
    builder.forget(message.forget);
    for (const { steps, root } of message.setUps) {
      await builder.carryOut(steps);
      // The engine checked that it is a function, as are the others here.
      await setUp(builder.value(root) as () => unknown, line.start.number - 1);
    }
    await builder.carryOut(message.steps);
    const { work } = message;
    // The roots of work are functions.
    const fn = withRetries(builder.value(work.root) as ItemFunction, work.retries);
    const combine =
      work.combine === undefined
        ? undefined
        : (builder.value(work.combine) as (a: unknown, b: unknown) => unknown);
    current = { run, fn, combine, work, line, waits };
    if (work.traced) line.post({ type: "ready", run });
  } catch (thrown) {
    line.post({ type: "notReady", run, error: sendThrown(thrown) });
  }
}

/** Calls a set-up, whose value is the worker's result. */
async function callOnce({ run, fn }: RunInWorker): Promise<void> {
  try {
    const value = await setUp(fn, line.start.number - 1);
    // A set-up ends in anything, a connection for instance.
    const sent = unsendable("result", value, 0) ? undefined : value;
    line.post({ type: "eachDone", run, value: sent });
  } catch (thrown) {
    line.post({ type: "eachFailed", run, error: sendThrown(thrown) });
  }
}

async function handle(message: ToWorker): Promise<void> {
  if (message.type === "prepare") return await prepare(message);
  if (current?.run !== message.run) return;
  if (message.type === "each") await callOnce(current);
  else if (message.type === "chunk")
    await runChunk(current, message.lo, unpack(message.items), message.longest);
  else await runTyped(current, message);
}

/** One message after the other, though some await. */
let last: Promise<void> = Promise.resolve();
line.onMessage((messages) => {
  last = last.then(async () => {
    for (const message of messages) await handle(message);
  });
});
line.post({ type: "up", ms: performance.now() });
