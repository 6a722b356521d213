import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The child processes of a process, oldest first. */
function childrenOf(pid: number): number[] {
  if (process.platform === "linux") {
    const tasks = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
    const lists = tasks.map((task) =>
      attempt(() => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")),
    );
    return numbers(lists.join(" ")).sort((a, b) => startOf(a) - startOf(b) || a - b);
  }
  if (process.platform === "win32") return [];
  return numbers(attempt(() => execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })) ?? "");
}

/** When a process started, in clock ticks since the machine did (field 22 of proc_pid_stat(5)). */
function startOf(pid: number): number {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  // The second field is the command in parentheses, which may hold spaces.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? 0);
}

/**
 * The child that was started last, with all its descendants, if it is not older than `age` seconds: what a
 * synchronous call of that age waits for. Elsewhere than on Linux the age is not looked at.
 */
export function newestChild(pid: number, age: number): number[] {
  const newest = childrenOf(pid).at(-1);
  return newest === undefined || ageOf(newest) > age ? [] : withDescendants(newest);
}

/** Seconds since a process started, 0 where that cannot be told; Linux counts in hundredths. */
function ageOf(pid: number): number {
  const up = attempt(() => Number.parseFloat(readFileSync("/proc/uptime", "utf8")));
  return up === undefined ? 0 : up - startOf(pid) / 100;
}

const withDescendants = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(withDescendants)];

const numbers = (text: string) => text.split(/\s+/).filter(Boolean).map(Number);

/** A process may end at any moment: what cannot be read is not there. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
