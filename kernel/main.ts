import { runCommand } from "./cli/commands.ts";

/** The kernel process and the `tandem` command; bundled as dist/tandem.cjs. */
runCommand(process.argv.slice(2)).then((code) => {
  // No process.exit here: what stands in the pipes of stdout and stderr is still written.
  if (code !== undefined) process.exitCode = code;
});
