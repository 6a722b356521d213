import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { describeError } from "../display/value/error.ts";
import { createImporter } from "../engine/importer.ts";
import { Builder } from "./in-worker/builder.ts";
import { installGlobals } from "./in-worker/globals.ts";
import { type ItemFunction, type RunInWorker, runChunk, runTyped } from "./in-worker/items.ts";
import { routeOutput } from "./in-worker/output.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./protocol.ts";
import { withRetries } from "./retries.ts";
import { unpack } from "./values/packed.ts";
import { sendThrown } from "./values/thrown.ts";

/** A worker thread of the engine: builds the surroundings of a function, then works on chunks of items. */

// This file is only ever started as a worker, by a pool that gives it this.
const port = parentPort!;
const { folder, status } = workerData as WorkerStart;

const post = (message: FromWorker) => port.postMessage(message);
const importer = createImporter(folder);
const builder = new Builder({ importModule: importer.load });
routeOutput(post);
installGlobals(importer, post);

const report = (prefix: string, thrown: unknown) =>
  post({ type: "stream", name: "stderr", text: `${prefix} ${describeError(thrown).traceback.join("\n")}\n` });
process.on("uncaughtException", (error) => report("Uncaught", error));
process.on("unhandledRejection", (reason) => report("Unhandled rejection:", reason));

/** The run whose surroundings were built last; undefined where that failed. */
let current: RunInWorker | undefined;

async function handle(message: ToWorker): Promise<void> {
  const { run } = message;
  if (message.type === "prepare") {
    current = undefined;
    try {
      builder.forget(message.forget);
      await builder.carryOut(message.steps);
      // The root is what was given to pmap: it was checked to be a function.
      const fn = withRetries(builder.value(message.root) as ItemFunction, message.retries);
      current = { run, fn, keepGoing: message.keepGoing, status, post };
      post({ type: "ready", run });
    } catch (thrown) {
      post({ type: "notReady", run, error: sendThrown(thrown) });
    }
    return;
  }
  if (current?.run !== run) return;
  if (message.type === "chunk") await runChunk(current, message.lo, unpack(message.items), message.longest);
  else await runTyped(current, message);
}

/** One message after the other, though some await. */
let last: Promise<void> = Promise.resolve();
port.on("message", (message: ToWorker) => {
  last = last.then(() => handle(message));
});
post({ type: "up", ms: performance.now() });
