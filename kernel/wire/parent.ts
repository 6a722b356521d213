import { isAlive } from "../is-alive.ts";

/** How often the parent is looked for, in ms. */
const INTERVAL = 1000;

/**
 * Calls `gone` once when the process that started the kernel has died without a shutdown request. Jupyter names it in
 * JPY_PARENT_PID; without that (a kernel started by hand, to outlive its client) nothing is watched.
 */
export function watchParent(gone: () => void): void {
  const named = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(named) || named <= 1) return;
  const started = process.ppid;
  const timer = setInterval(() => {
    // POSIX gives an orphan another parent at once, Windows keeps the number. The client may be gone already when this begins.
    if (process.ppid === started && isAlive(started) && isAlive(named)) return;
    clearInterval(timer);
    gone();
  }, INTERVAL);
  timer.unref();
}
