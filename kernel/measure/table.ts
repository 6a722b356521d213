import { duration, durationEstimate, estimate } from "../display/chart/format.ts";
import { csv, type Table } from "../display/chart/table.ts";
import { type BenchResult, ratioOf } from "./result.ts";
import type { BenchSeries } from "./series.ts";

const columns = [
  "Side",
  "Seconds a call",
  "95 % from",
  "to",
  "Rounds",
  "Calls",
  "CPU seconds a call",
  "First call",
  "Overhead",
  "Collections",
  "Seconds of collections",
  "Bytes a call",
  "Bytes of its process",
];

/** The figures of a `%%bench` as CSV: seconds in full, a row for each side. */
export function benchCsv(result: BenchResult): string {
  return csv({ caption: "", columns, rows: figures(result) });
}

/** The figures of a `%%bench --for` as CSV: the same rows for each value, which comes first. */
export function seriesCsv({ parameter, points }: BenchSeries): string {
  const rows = points.flatMap(({ value, result }) => figures(result).map((row) => [String(value), ...row]));
  return csv({ caption: "", columns: [parameter, ...columns], rows });
}

function figures({ sides, notRun }: BenchResult): string[][] {
  const rows = sides.map((side) =>
    [
      side.name,
      side.time.value,
      side.time.interval?.[0],
      side.time.interval?.[1],
      side.time.count,
      side.calls,
      side.cpu,
      side.first,
      side.overhead?.value,
      side.collections?.count,
      side.collections?.seconds,
      side.allocated,
      side.resident,
    ].map((cell) => (cell === undefined || cell === null ? "" : String(cell))),
  );
  const missing = notRun.map(({ name, why }) => [name, `not run: ${why}`, ...columns.slice(2).map(() => "")]);
  return [...rows, ...missing];
}

/** All figures of a `%%bench`, a row for each side. */
export function benchTable(result: BenchResult): Table {
  const fastest = [...result.sides].sort((a, b) => a.time.value - b.time.value)[0];
  const rows = result.sides.map((side) => {
    const time = durationEstimate(side.time.value, side.time.interval);
    const ratio = fastest && !result.difference ? ratioOf(result, side.name, fastest.name) : undefined;
    const times = ratio && estimate(ratio.value, ratio.interval);
    return [
      side.name,
      time.value,
      time.range,
      times ? times.value : side === fastest ? "1" : "",
      times ? times.range : "",
      ratio ? (ratio.claimed ? "yes" : "no") : "",
      String(side.time.count),
      side.calls.toLocaleString("en-US"),
      duration(side.cpu),
    ];
  });
  const missing = result.notRun.map(({ name, why }) => [name, "not run", why, "", "", "", "", "", ""]);
  return {
    caption: "What was measured: medians over the rounds, with their 95 % intervals.",
    columns: [
      "Side",
      "Time a call",
      "95 % interval",
      "× fastest",
      "95 % interval",
      "Claimed",
      "Rounds",
      "Calls",
      "CPU a call",
    ],
    rows: [...rows, ...missing],
  };
}
