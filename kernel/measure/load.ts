import { readFileSync } from "node:fs";

/** Processor time of the whole machine since it started, in clock ticks, all cores together. */
export interface Ticks {
  /** Spent by anyone: user, nice, system, interrupts, and what a hypervisor took for other machines. */
  readonly busy: number;
  readonly total: number;
}

/** Linux's tick in user space (USER_HZ), in seconds; fixed by its ABI. */
const tick = 0.01;

/** The machine's processor time, or `undefined` where it is not told (anything but Linux). */
export function readTicks(): Ticks | undefined {
  try {
    return parseTicks(readFileSync("/proc/stat", "latin1"));
  } catch {
    return undefined;
  }
}

/** Takes the first line of /proc/stat: `cpu user nice system idle iowait irq softirq steal …`. */
export function parseTicks(stat: string): Ticks | undefined {
  const [label, ...fields] = stat.slice(0, stat.indexOf("\n")).split(/\s+/);
  const [user, nice, system, idle, waiting, irq, softirq, stolen] = fields.map(Number);
  if (label !== "cpu" || idle === undefined || !Number.isFinite(idle)) return undefined;
  // "guest" times, which follow, are already in user and nice.
  const busy = (user ?? 0) + (nice ?? 0) + (system ?? 0) + (irq ?? 0) + (softirq ?? 0) + (stolen ?? 0);
  return { busy, total: busy + idle + (waiting ?? 0) };
}

/**
 * Share of the processor, 0 to 1, that was used by others between two readings, of which `own` seconds were ours.
 * `undefined` where not told or where too little time passed for ticks to tell anything.
 */
export function foreignShare(
  before: Ticks | undefined,
  after: Ticks | undefined,
  own: number,
): number | undefined {
  if (!before || !after || after.total - before.total < 10) return undefined;
  const others = after.busy - before.busy - own / tick;
  return Math.min(1, Math.max(0, others / (after.total - before.total)));
}
