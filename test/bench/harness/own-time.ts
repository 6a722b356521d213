import { processes } from "./processes.ts";

/**
 * Processor seconds of this process and all below it, the ended ones that were waited for included: what sides that are
 * processes use is not others' load. Where there is no /proc, of this process alone.
 */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  const all = processes();
  if (all.length === 0) return (user + system) / 1e6;
  const ours = new Set([process.pid]);
  // Children come after their parents but for reused numbers: again until nothing is added.
  for (let before = 0; before < ours.size; ) {
    before = ours.size;
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  }
  return all.reduce((sum, { pid, seconds }) => (ours.has(pid) ? sum + seconds : sum), 0);
}
