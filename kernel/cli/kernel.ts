import type { Kernel } from "../cells/kernel.ts";
import { removeStaleFiles } from "../stale-files.ts";
import { stripOnly } from "../typescript/strip-only.ts";
import { readConnection } from "../wire/connection.ts";
import { openIpc } from "../wire/ipc.ts";
import type { Wire } from "../wire/message.ts";
import { isBehindJupyterServer, jupyterServerPace, paced, usualPace } from "../wire/paced.ts";
import { serve } from "../wire/server.ts";
import { badArguments, type Command } from "./command.ts";

/** When what removes types is loaded, in ms after the engine is ready: behind a first cell that has none. */
const WARM_UP = 100;
/** When files that killed kernels left are looked for, in ms: the user waits for nothing then. */
const TIDY_UP = 5000;
/** How long closing may take before the process ends all the same, in ms. */
const GRACE = 3000;

export { keepFirstEngine } from "../engine/first-engine.ts";
export { runCommand } from "./command.ts";

export const kernel: Command = {
  name: "kernel",
  takes: "FILE",
  summary: "Runs a kernel in the current folder for the client whose sockets the connection file FILE names",
  options: [{ long: "ipc", help: "for the process that forked it, over Node's IPC; then without FILE" }],
  async run(args) {
    const [file] = args.positionals;
    const ipc = args.has("ipc");
    if (args.positionals.length !== (ipc ? 0 : 1)) {
      throw badArguments("kernel", "It takes one connection file, or --ipc.");
    }
    if (ipc && !process.connected) {
      throw badArguments("kernel", "--ipc is for a process forked with an IPC channel; there is none.");
    }
    // First of all, so that a client finds the sockets; what it asks in the meantime waits in them.
    const direct = file === undefined ? openIpc(process) : await openSockets(file);
    const wire = paced(direct, isBehindJupyterServer() ? jupyterServerPace : usualPace);
    const { Kernel } = await import("../cells/kernel.ts");
    const { missingTypes } = await import("../cells/no-types.ts");
    const { History, historyFolder } = await import("../cells/history/store.ts");
    // The terminal's Ctrl-C reaches the whole group, but it is the client that decides what is interrupted.
    process.on("SIGINT", () => {});
    const { createTypeService } = await import("../typescript/service/types.ts");
    const folder = process.cwd();
    const notebook = new Kernel(
      folder,
      __dirname,
      createTypeService({ folder }) ?? missingTypes(),
      new History(historyFolder()),
    );
    const end = () => void endKernel(notebook, wire);
    process.on("SIGTERM", end).on("SIGHUP", end);
    void notebook.ready.then(() => setTimeout(() => stripOnly("0"), WARM_UP).unref());
    setTimeout(() => removeStaleFiles(), TIDY_UP).unref();
    serve(wire, notebook, { restartsInPlace: ipc, end });
    return undefined;
  },
};

/** ZeroMQ is loaded for a connection file only: over IPC the kernel runs without its native module. */
async function openSockets(file: string): Promise<Wire> {
  const connection = readConnection(file);
  const { openZmq } = await import("../wire/zmq.ts");
  return openZmq(connection);
}

/** Ends the engine and every child, then this process. */
async function endKernel(notebook: Kernel, wire: Wire): Promise<void> {
  setTimeout(() => process.exit(0), GRACE).unref();
  await notebook.close();
  await wire.close();
  process.exit(0);
}
