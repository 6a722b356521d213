import { readFileSync } from "node:fs";
import { processes } from "../harness/processes.ts";

export interface ProcessMemory {
  readonly pid: number;
  readonly command: string;
  /** Proportional set size in bytes: pages shared by n processes count 1/n each. */
  readonly bytes: number;
}

/** The memory of a process and all below it (Linux). */
export function memoryOfTree(root: number): ProcessMemory[] {
  const all = processes();
  const found: ProcessMemory[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const one of all) if (one.parent === pid) waiting.push(one.pid);
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
      found.push({ pid, command, bytes: 1024 * Number(pss?.[1] ?? 0) });
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}
