import { startCalls, stopCalls } from "../rust/addon.ts";
import type { CpuProfile } from "./profiler.ts";

/** A stretch of time in which one Rust function ran; µs of V8's clock. */
export interface RustCall {
  readonly name: string;
  /** The cell: `cell-3.rs`. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** On another thread than the profiled one. */
  readonly elsewhere: boolean;
}

/** Which Rust functions run when: V8 takes all functions of addons for one, of whichever name it saw last. */
export const rustCalls = {
  start: startCalls,

  stop(): RustCall[] {
    const told = stopCalls();
    if (!told) return [];
    // V8's clock and `hrtime` are the same one of the system's.
    const present = Number(process.hrtime.bigint()) / 1000;
    const { now, calls } = told;
    const at = (ns: number) => present - (now - ns) / 1000;
    return calls.map(([name, file, start, end, elsewhere]) => ({
      name,
      file,
      start: at(start),
      end: at(end),
      elsewhere,
    }));
  },
};

/** Seconds in which at least one call ran elsewhere. */
export function elsewhereSeconds(calls: readonly RustCall[]): number {
  const sorted = calls.filter(({ elsewhere }) => elsewhere).sort((a, b) => a.start - b.start);
  let [sum, until] = [0, Number.NEGATIVE_INFINITY];
  for (const { start, end } of sorted) {
    sum += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return sum / 1e6;
}

type ProfileNode = CpuProfile["nodes"][number];

/**
 * The profile with Rust's functions under their names: a sample taken while Rust ran is put below nodes that are named after the
 * functions that ran then, outermost first.
 */
export function nameRust(profile: CpuProfile, calls: readonly RustCall[]): CpuProfile {
  const here = calls.filter(({ elsewhere }) => !elsewhere).sort((a, b) => a.start - b.start || b.end - a.end);
  const samples = [...(profile.samples ?? [])];
  if (here.length === 0 || samples.length === 0) return profile;
  const nodes = new Map(profile.nodes.map((node): [number, ProfileNode] => [node.id, { ...node }]));
  const parents = new Map<number, number>();
  for (const { id, children } of profile.nodes) for (const child of children ?? []) parents.set(child, id);
  const pathOf = (id: number): ProfileNode[] => {
    const node = nodes.get(id);
    const parent = parents.get(id);
    return [...(parent === undefined ? [] : pathOf(parent)), ...(node ? [node] : [])];
  };
  const during = runningAt(here, timesOf(profile));
  const addon = addonName(samples.map((id, i) => [pathOf(id), during[i]?.length ?? 0] as const));
  if (addon === undefined) return profile;
  let last = Math.max(...nodes.keys());
  const made = new Map<string, number>();
  const below = (parent: number, callFrame: ProfileNode["callFrame"]): number => {
    const key = `${parent}\0${callFrame.functionName}\0${callFrame.url}\0${callFrame.lineNumber}\0${callFrame.columnNumber}`;
    const there = made.get(key);
    if (there !== undefined) return there;
    const id = ++last;
    made.set(key, id);
    nodes.set(id, { id, callFrame, hitCount: 0, children: [] });
    const above = nodes.get(parent);
    if (above) nodes.set(parent, { ...above, children: [...(above.children ?? []), id] });
    return id;
  };
  samples.forEach((id, i) => {
    const path = pathOf(id);
    const first = path.findIndex((node) => isAddon(node, addon));
    const running = during[i] ?? [];
    if (first < 0) return;
    const functions = running.values();
    let at = path[first - 1]?.id ?? id;
    for (const node of path.slice(first)) {
      const call = isAddon(node, addon) ? functions.next().value : undefined;
      const { callFrame } = node;
      const unknown = isAddon(node, addon) ? { ...callFrame, functionName: "an addon" } : callFrame;
      at = below(at, call ? { ...callFrame, functionName: call.name, url: call.file } : unknown);
    }
    samples[i] = at;
    count(nodes, id, -1);
    count(nodes, at, 1);
  });
  return { ...profile, nodes: [...nodes.values()], samples };
}

function count(nodes: Map<number, ProfileNode>, id: number, by: number): void {
  const node = nodes.get(id);
  if (node) nodes.set(id, { ...node, hitCount: Math.max(0, (node.hitCount ?? 0) + by) });
}

/** When each sample was taken, in µs. */
function timesOf({ startTime, timeDeltas = [] }: CpuProfile): number[] {
  let at = startTime;
  return timeDeltas.map((delta) => {
    at += delta;
    return at;
  });
}

/** For each of the rising times the calls that run then, outermost first. `calls`: by their start, the longer first. */
function runningAt(calls: readonly RustCall[], times: readonly number[]): RustCall[][] {
  const open: RustCall[] = [];
  let next = 0;
  return times.map((time) => {
    for (let call = calls[next]; call && call.start <= time; call = calls[++next]) {
      while (open.length > 0 && (open.at(-1)?.end ?? 0) <= call.start) open.pop();
      open.push(call);
    }
    while (open.length > 0 && (open.at(-1)?.end ?? 0) < time) open.pop();
    return [...open];
  });
}

/**
 * The name that V8 has for all functions of addons: the one that stands in a sample's path as often as Rust's functions were
 * running one in another, in most samples; of two the one further in. `seen`: the paths, and how many were running.
 */
function addonName(
  seen: readonly (readonly [path: readonly ProfileNode[], running: number])[],
): string | undefined {
  const votes = new Map<string, { votes: number; depth: number }>();
  for (const [path, running] of seen) {
    const counts = new Map<string, number>();
    path.forEach((node, depth) => {
      if (!isNative(node)) return;
      const name = node.callFrame.functionName;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const known = votes.get(name) ?? { votes: 0, depth };
      votes.set(name, { ...known, depth: Math.max(known.depth, depth) });
    });
    for (const [name, count] of counts) {
      const known = votes.get(name);
      if (known) known.votes += count === running ? 1 : -1;
    }
  }
  const [best] = [...votes].sort(([, a], [, b]) => b.votes - a.votes || b.depth - a.depth);
  return best && best[1].votes > 0 ? best[0] : undefined;
}

/** A function without a script: the language's own, Node's in C++, or an addon's. */
const isNative = ({ callFrame: { url, functionName, scriptId } }: ProfileNode) =>
  url === "" && scriptId === "0" && functionName !== "" && !functionName.startsWith("(");

const isAddon = (node: ProfileNode, name: string) => isNative(node) && node.callFrame.functionName === name;
