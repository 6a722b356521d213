import { createRequire } from "node:module";
import type * as commands from "./cli/commands.ts";
import type * as kernelCommand from "./cli/kernel.ts";
import { spawnEngine } from "./engine/spawn-engine.ts";

/**
 * The kernel process and the `tandem` command; bundled as dist/tandem.cjs. Everything else is in bundles of their own, one
 * for a kernel and one for the other commands: the longest part of a kernel's start is its engine's, which gets ready
 * while Node reads the kernel's.
 */

const args = process.argv.slice(2);
// `kernel FILE` or `kernel --ipc`.
const isKernel = args[0] === "kernel" && args.length === 2 && !/^--?h/.test(args[1] ?? "");
const run = isKernel ? runKernel : runOther;
run().then((code) => {
  // No process.exit here: what stands in the pipes of stdout and stderr is still written.
  if (code !== undefined) process.exitCode = code;
});

async function runKernel(): Promise<number | undefined> {
  const folder = process.cwd();
  const engine = spawnEngine(folder, __dirname);
  const { keepFirstEngine, kernel, runCommand } = load("./kernel.cjs") as typeof kernelCommand;
  keepFirstEngine(folder, engine);
  const code = await runCommand(kernel, args.slice(1));
  if (code !== undefined) keepFirstEngine(folder);
  return code;
}

async function runOther(): Promise<number | undefined> {
  return (load("./commands.cjs") as typeof commands).runTandem(args);
}

/** The bundle beside this one, whose exports are those of the file that it is built from. */
function load(bundle: string): unknown {
  return createRequire(__filename)(bundle);
}
