import { createRequire } from "node:module";
import { spawnEngine } from "./engine/spawn-engine.ts";

/**
 * The kernel process and the `tandem` command; bundled as dist/tandem.cjs. Everything else is in a bundle of its own: the
 * longest part of a kernel's start is its engine's, which gets ready while Node reads that.
 */

const args = process.argv.slice(2);
const folder = process.cwd();
// `kernel FILE` or `kernel --ipc`.
const isKernel = args[0] === "kernel" && args.length === 2 && !/^--?h/.test(args[1] ?? "");
const engine = isKernel ? spawnEngine(folder, __dirname) : undefined;

// The bundle beside this one, built from that file.
const { keepFirstEngine, runCommand } = createRequire(__filename)(
  "./commands.cjs",
) as typeof import("./cli/commands.ts");
keepFirstEngine(folder, engine);
runCommand(args).then((code) => {
  if (code === undefined) return;
  keepFirstEngine(folder);
  // No process.exit here: what stands in the pipes of stdout and stderr is still written.
  process.exitCode = code;
});
