import { dropFirstEngine, startFirstEngine } from "./engine/first-engine.ts";

/** The kernel process and the `tandem` command; bundled as dist/tandem.cjs. */

const args = process.argv.slice(2);
// `kernel FILE` or `kernel --ipc`: the longest part of a kernel's start is its engine's.
if (args[0] === "kernel" && args.length === 2 && !/^--?h/.test(args[1] ?? ""))
  startFirstEngine(process.cwd(), __dirname);

import("./cli/commands.ts")
  .then(({ runCommand }) => runCommand(args))
  .then((code) => {
    if (code === undefined) return;
    dropFirstEngine();
    // No process.exit here: what stands in the pipes of stdout and stderr is still written.
    process.exitCode = code;
  });
