import type { Ref, Step } from "./protocol.ts";

type Keyed = Extract<Step, { key: string }>;

/** Says of each name that the code uses how it reaches the workers, and the bytes that this sends or shares. */
export function explain(steps: readonly Step[]): string {
  const made = byKey(steps);
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

/** The bytes copied to each worker, and the names that most of them come from, largest first. */
export function copied(steps: readonly Step[]): { total: number; names: () => string[] } {
  let total = 0;
  for (const step of steps) if (step.op === "data") total += step.content?.bytes.byteLength ?? 0;
  const names = () => {
    const made = byKey(steps);
    return steps
      .flatMap((step) =>
        step.op === "global" || step.op === "variable"
          ? [{ name: step.name, sent: sizeOf(step.value, made, new Set()).sent }]
          : [],
      )
      .filter(({ sent }) => sent >= total / 10)
      .toSorted((a, b) => b.sent - a.sent)
      .map(({ name, sent }) => `${name} (${bytes(sent)})`);
  };
  return { total, names };
}

function byKey(steps: readonly Step[]): Map<string, Keyed[]> {
  const made = new Map<string, Keyed[]>();
  for (const step of steps) if ("key" in step) made.set(step.key, [...(made.get(step.key) ?? []), step]);
  return made;
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

/** A size in decimal units: `812 B`, `8.1 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const [unit, per] = n < 1e6 ? ["kB", 1e3] : n < 1e9 ? ["MB", 1e6] : (["GB", 1e9] as const);
  return `${(n / per).toPrecision(3)} ${unit}`;
}
