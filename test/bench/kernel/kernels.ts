import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installPeers } from "../harness/peers.ts";
import type { Launch } from "./client.ts";

export type LaunchOrReason = Launch | { readonly notRun: string };

/** This kernel, as it is built. */
export const tandemKernel: Launch = {
  command: process.execPath,
  args: (file) => [join(process.cwd(), "bin", "tandem.cjs"), "kernel", file],
};

/** Each kernel and how it is started, by name. The peers are installed beside this file on first use. */
export function kernels(folder: string): {
  tandem: Launch;
  deno: LaunchOrReason;
  tslab: LaunchOrReason;
  bare: Launch;
  empty: Launch;
} {
  const missing = installPeers(folder);
  if (missing) console.log(missing);
  const node = process.execPath;
  const modules = join(folder, "node_modules");
  return {
    tandem: tandemKernel,
    deno: deno(denoPath(folder)),
    tslab: launchable(join(modules, "tslab", "bin", "tslab"), (tslab) => ({
      command: node,
      args: (file) => [tslab, "kernel", "--config-path", file],
    })),
    bare: { command: node, args: (file) => [process.argv[1] ?? "", "bare", file] },
    empty: { command: node, args: (file) => [process.argv[1] ?? "", "empty", file] },
  };
}

/** Deno's own executable among the suite's peers: the script in front of it would cost the start of a Node. */
export function denoPath(folder: string): string {
  const platforms = join(folder, "node_modules", "@deno");
  const [platform = "none"] = existsSync(platforms) ? readdirSync(platforms) : [];
  return join(platforms, platform, process.platform === "win32" ? "deno.exe" : "deno");
}

function deno(path: string): LaunchOrReason {
  return launchable(path, (command) => ({
    command,
    args: (file) => ["jupyter", "--kernel", "--conn", file],
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }));
}

function launchable(path: string, launch: (path: string) => Launch): LaunchOrReason {
  return existsSync(path) ? launch(path) : { notRun: `${path} is not there` };
}
