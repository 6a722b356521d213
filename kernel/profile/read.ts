import type { Node } from "./calls.ts";
import { placeOf, type Surroundings } from "./place.ts";
import type { CpuProfile, HeapProfile } from "./profiler.ts";

/** V8's CPU profile as a tree; `self` in seconds, by the times between its samples. */
export function readCpu(profile: CpuProfile, surroundings: Surroundings): Node {
  const seconds = new Map<number, number>();
  const { samples = [], timeDeltas = [] } = profile;
  // A delta is the time before its sample: that of the sample before it. The last lasts to the end.
  let at = profile.startTime + (timeDeltas[0] ?? 0);
  samples.forEach((node, index) => {
    const delta = timeDeltas[index + 1] ?? Math.max(0, profile.endTime - at);
    at += delta;
    seconds.set(node, (seconds.get(node) ?? 0) + delta / 1e6);
  });
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  // What V8 has inlined comes without its address, yet with its script's number. Native code has the number 0.
  const urls = new Map(
    profile.nodes.flatMap(({ callFrame: { scriptId, url } }) =>
      url === "" || scriptId === "0" ? [] : [[scriptId, url]],
    ),
  );
  const read = (id: number): Node => {
    const node = nodes.get(id);
    const frame = node && {
      ...node.callFrame,
      url: node.callFrame.url || (urls.get(node.callFrame.scriptId) ?? ""),
    };
    return {
      frame: frame ? placeOf(frame, surroundings) : "own",
      self: seconds.get(id) ?? 0,
      children: (node?.children ?? []).map(read),
    };
  };
  return read(profile.nodes[0]?.id ?? 0);
}

/** V8's sampled allocations as a tree; `self` in bytes. `scripts`: addresses by number. */
export function readHeap(
  { head }: HeapProfile,
  scripts: ReadonlyMap<string, string>,
  surroundings: Surroundings,
): Node {
  const read = (node: HeapProfile["head"]): Node => ({
    frame: placeOf(
      { ...node.callFrame, url: node.callFrame.url || (scripts.get(node.callFrame.scriptId) ?? "") },
      surroundings,
    ),
    self: node.selfSize,
    children: node.children.map(read),
  });
  return read(head);
}
