// The packages of package-lock.json. Node's own modules only: nothing is installed before this has run.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elapsed, must, root } from "../process.mjs";

const oldest = [20, 20];

/** Ends the program with a clear word where this Node is too old for the project. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(
    `This is Node ${process.versions.node}, and Tandem needs ${oldest.join(".")} or newer. Install it from https://nodejs.org or by a version manager.`,
  );
  process.exit(1);
}

/**
 * Installs what the lock file says, unless that is there. Not by `npm ci`: a lock file made where a mirror has only some
 * platforms' optional packages lacks the others, and `npm ci` refuses it everywhere; `--no-save` leaves it as it is.
 */
export async function installDependencies() {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const stamp = join(root, "node_modules", ".tandem-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  const started = Date.now();
  await must("npm", ["install", "--no-save", "--no-audit", "--no-fund"], { cwd: root });
  writeFileSync(stamp, lock);
  console.log(`npm packages installed (${elapsed(started)})`);
}
