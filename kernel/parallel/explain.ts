import type { Ref, Step } from "./protocol.ts";

type Keyed = Extract<Step, { key: string }>;

/** Says of each name that the code uses how it reaches the workers, and the bytes that this sends or shares. */
export function explain(steps: readonly Step[]): string {
  const made = new Map<string, Keyed[]>();
  for (const step of steps) if ("key" in step) made.set(step.key, [...(made.get(step.key) ?? []), step]);
  const rows = steps.flatMap((step) =>
    step.op === "global" || step.op === "variable" ? [[step.name, ...travel(step.value, made)]] : [],
  );
  if (rows.length === 0) return "The code uses no names from outside that have to be sent to workers.";
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name = "", how = "", size = ""]) =>
      `${name.padEnd(widths[0] ?? 0)}  ${how.padEnd(widths[1] ?? 0)}  ${size}`.trimEnd(),
    )
    .join("\n");
}

function travel(value: Ref, made: ReadonlyMap<string, readonly Keyed[]>): [how: string, size: string] {
  if (!("key" in value)) return ["its value", ""];
  const [step] = made.get(value.key) ?? [];
  const { sent, shared } = sizeOf(value, made, new Set());
  const parts = [
    ...(sent > 0 ? [bytes(sent)] : []),
    ...(shared > 0 ? [`${bytes(shared)} in shared memory`] : []),
  ];
  return [step ? HOW[step.op] : "", parts.join(" and ")];
}

const HOW: Readonly<Record<Keyed["op"], string>> = {
  data: "a copy of its data",
  shared: "the same shared memory",
  import: "imported again",
  path: "the worker's own",
  property: "a part of what is imported again",
  rust: "the same compiled Rust",
  container: "made again, with what it holds",
  fill: "made again, with what it holds",
  script: "its source",
  function: "its source",
  properties: "its source",
  bound: "bound again",
};

/** What a value and all that it holds take; each thing is counted once. */
function sizeOf(
  value: Ref,
  made: ReadonlyMap<string, readonly Keyed[]>,
  seen: Set<string>,
): { sent: number; shared: number } {
  const size = { sent: 0, shared: 0 };
  const add = (of: Ref) => {
    if (!("key" in of) || seen.has(of.key)) return;
    seen.add(of.key);
    for (const step of made.get(of.key) ?? []) {
      if (step.op === "data") {
        size.sent += step.content?.bytes.byteLength ?? 0;
        for (const buffer of step.content?.shared ?? []) size.shared += buffer.byteLength;
      } else if (step.op === "shared") size.shared += step.buffer.byteLength;
      else if (step.op === "script") size.sent += step.script?.text.length ?? 0;
      else if (step.op === "function") add({ key: step.script });
      else if (step.op === "fill") for (const entry of step.entries) for (const part of entry) add(part);
    }
  };
  add(value);
  return size;
}

/** A size in the decimal units that are usual for memory sent: `812 B`, `8.1 MB`. */
function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const [unit, per] = n < 1e6 ? ["kB", 1e3] : n < 1e9 ? ["MB", 1e6] : (["GB", 1e9] as const);
  return `${(n / per).toPrecision(3)} ${unit}`;
}
