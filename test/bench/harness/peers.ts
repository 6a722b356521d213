import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Installs a suite's peers beside it, by its lock file, where that has not been done. Why not, where it fails. */
export function installPeers(folder: string): string | undefined {
  if (existsSync(join(folder, "node_modules"))) return undefined;
  console.log("Installing the peers …");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return npm.status === 0
    ? undefined
    : `npm ci failed: ${(npm.stderr || npm.error?.message || "").trim().slice(-300)}`;
}
