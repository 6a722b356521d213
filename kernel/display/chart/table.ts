import { binsOf } from "./histogram.ts";
import { percentilesOf } from "./latency.ts";
import type { ChartSpec } from "./spec.ts";
import { amdahl } from "./speedup.ts";
import { type Unit, unitOf } from "./units.ts";

/** Figures in rows and columns, as text. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a number of a column is written: for people with its unit, for programs in full. */
type Write = (value: number | null | undefined, unit?: string) => string;

/** All figures of a chart for people: with units, three significant digits. */
export function chartTable(spec: ChartSpec): Table {
  return table(
    spec,
    (value, unit) => (value === null || value === undefined ? "" : unitOf(unit).text(value)),
    true,
  );
}

/** All figures of a chart as CSV (RFC 4180): numbers in full, in the units that the header names. */
export function chartCsv(spec: ChartSpec): string {
  return csv(table(spec, (value) => (value === null || value === undefined ? "" : String(value)), false));
}

/** Cells with commas, quotes or line ends stand in quotes. */
export function csv({ columns, rows }: Table): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function table(spec: ChartSpec, write: Write, units: boolean): Table {
  const head = ({ label, unit }: { label: string; unit?: string | undefined }) =>
    unit && !units ? `${label} [${unit}]` : label;
  const caption = spec.title;
  switch (spec.type) {
    case "bars": {
      const { unit } = spec.value;
      return {
        caption,
        columns: ["Label", head(spec.value), "95 % from", "to", "Note"],
        rows: spec.rows.map((row) =>
          "missing" in row
            ? [row.label, "", "", "", row.missing]
            : [
                row.label,
                write(row.value, unit),
                write(row.interval?.[0], unit),
                write(row.interval?.[1], unit),
                row.note ?? "",
              ],
        ),
      };
    }
    case "lines":
    case "scatter": {
      const { x, y, series } = spec;
      const intervals = series.some(({ low, high }) => low && high);
      return {
        caption,
        columns: ["Series", head(x), head(y), ...(intervals ? ["95 % from", "to"] : [])],
        rows: series.flatMap((one) =>
          one.x.map((at, index) => [
            one.name,
            write(at, x.unit),
            write(one.y[index], y.unit),
            ...(intervals ? [write(one.low?.[index], y.unit), write(one.high?.[index], y.unit)] : []),
          ]),
        ),
      };
    }
    case "histogram": {
      const { unit } = spec.value;
      return {
        caption,
        columns: ["Series", `${head(spec.value)} from`, "to", "How often"],
        rows: binsOf(spec).flatMap((bins, index) =>
          bins.map(({ from, to, count }) => [
            spec.series[index]?.name ?? "",
            write(from, unit),
            write(to, unit),
            String(count),
          ]),
        ),
      };
    }
    case "latency": {
      const names = [...new Set(spec.series.flatMap((one) => Object.keys(percentilesOf(one))))];
      return {
        caption,
        columns: ["Series", "Samples", ...names.map((name) => head({ label: name, unit: "s" })), "Pauses"],
        rows: spec.series.map((one) => {
          const found = percentilesOf(one);
          const values = names.map((name) => write(found[name], "s"));
          return [one.name, String(one.at.length), ...values, String(one.pauses?.length ?? 0)];
        }),
      };
    }
    case "speedup":
      return {
        caption,
        columns: ["Series", "Workers", "Speed-up", "95 % from", "to", "Amdahl's law"],
        rows: spec.series.flatMap((one) =>
          one.workers.map((at, index) => [
            one.name,
            write(at),
            write(one.speedup[index], "×"),
            write(one.low?.[index], "×"),
            write(one.high?.[index], "×"),
            one.parallel === undefined ? "" : write(amdahl(one.parallel, at), "×"),
          ]),
        ),
      };
    case "gantt":
      return {
        caption,
        columns: [
          "Lane",
          "What",
          "Kind",
          head({ label: "Start", unit: "s" }),
          head({ label: "End", unit: "s" }),
        ],
        rows: spec.lanes.flatMap(({ name, spans }) =>
          spans.map(({ start, end, label = "", kind = "work" }) => [
            name,
            label,
            kind,
            write(start, "s"),
            write(end, "s"),
          ]),
        ),
      };
    case "flame": {
      const { unit } = spec.value;
      return {
        caption,
        columns: [
          "Function",
          "Where",
          "Kind",
          "Depth",
          head({ label: "Start", unit }),
          head({ label: "Total", unit }),
        ],
        rows: spec.frames.map(({ label, place = "", kind = "", depth, start, end }) => [
          label,
          place,
          kind,
          String(depth),
          write(start, unit),
          write(end - start, unit),
        ]),
      };
    }
    case "heat": {
      const { unit } = spec.value;
      return {
        caption,
        columns: [`${spec.y.label} \\ ${spec.x.label}`, ...spec.x.values],
        rows: spec.y.values.map((name, row) => [
          name,
          ...spec.x.values.map((_, index) => write(spec.cells[row]?.[index], unit)),
        ]),
      };
    }
  }
}

export type { Unit };
