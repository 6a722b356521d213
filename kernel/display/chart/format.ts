/** Numbers and units as every chart, table and verdict writes them. */

const units = [
  { seconds: 1, name: "s" },
  { seconds: 1e-3, name: "ms" },
  { seconds: 1e-6, name: "µs" },
  { seconds: 1e-9, name: "ns" },
] as const;

export type TimeUnit = (typeof units)[number];

/** The unit in which a duration is written with one to three digits before the point. */
export function timeUnit(seconds: number): TimeUnit {
  // The margin keeps 0.9996 s, which rounds to 1.00 s, from being written as 1000 ms.
  return units.find((unit) => Math.abs(seconds) >= unit.seconds * 0.9995) ?? units[3];
}

/** `12.3 ms`: three significant digits. */
export function duration(seconds: number): string {
  const unit = timeUnit(seconds);
  return `${significant(seconds / unit.seconds)} ${unit.name}`;
}

/** `12.1–12.6 ms`: both ends in the unit of the larger. */
export function durations(low: number, high: number): string {
  const unit = timeUnit(high);
  return `${significant(low / unit.seconds)}–${significant(high / unit.seconds)} ${unit.name}`;
}

/** Three significant digits, thousands apart: 0.0123, 1.02, 41.8, 1,230. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(3));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toLocaleString("en-US", {
    minimumFractionDigits: Math.min(digits, 20),
    maximumFractionDigits: Math.min(digits, 20),
  });
}

/** A share as a percentage: `1.2 %`, `46 %`. */
export function percent(share: number): string {
  const value = Math.abs(share) * 100;
  return `${share < 0 ? "−" : ""}${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}
