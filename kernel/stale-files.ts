import { lstat, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./is-alive.ts";

/** What is younger may be about to be used, in ms. */
const SETTLED = 60_000;

/**
 * Removes what kernels that were killed left in the system's folder for temporary files: folders with the socket of a Python
 * runner, and an engine's notes of the items under way. Only this user's, and only what nobody uses. Never fails.
 */
export async function removeStaleFiles(folder = tmpdir(), now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const engine = /^tandem-items-(\d+)-/.exec(name)?.[1];
    if (engine === undefined && !name.startsWith("tandem-python-")) continue;
    try {
      const { uid, mtimeMs } = await lstat(path);
      if (uid !== process.getuid?.() || now - mtimeMs < SETTLED) continue;
      const used = engine === undefined ? await listens(join(path, "python")) : isAlive(Number(engine));
      if (!used) await rm(path, { recursive: true, force: true });
    } catch {
      // It has gone meanwhile.
    }
  }
}

/** Whether a process listens on a Unix socket: a file alone is what a dead one leaves. */
function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
