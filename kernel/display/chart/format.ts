import { format } from "d3-format";

/** Numbers and units as every chart, table and verdict writes them. */

const units = [
  { seconds: 1, name: "s" },
  { seconds: 1e-3, name: "ms" },
  { seconds: 1e-6, name: "µs" },
  { seconds: 1e-9, name: "ns" },
] as const;

export type TimeUnit = (typeof units)[number];

/** The unit in which a duration is written with one to three digits before the point. */
function timeUnit(seconds: number): TimeUnit {
  // The margin keeps 0.9996 s, which rounds to 1.00 s, from being written as 1000 ms.
  return units.find((unit) => Math.abs(seconds) >= unit.seconds * 0.9995) ?? units[3];
}

/** `12.3 ms`: three significant digits. */
export function duration(seconds: number): string {
  const unit = timeUnit(seconds);
  return `${significant(seconds / unit.seconds)} ${unit.name}`;
}

/** A value and the ends of its interval, to be read together: with the same decimals, enough to tell the ends apart. */
export interface EstimateText {
  readonly value: string;
  /** `12.1–12.6`; empty without an interval. */
  readonly range: string;
}

/** `{ value: "12.3 ms", range: "12.1–12.6 ms" }`. */
export function durationEstimate(value: number, interval: readonly [number, number] | null): EstimateText {
  const unit = timeUnit(value);
  const scaled = interval && ([interval[0] / unit.seconds, interval[1] / unit.seconds] as const);
  const text = estimate(value / unit.seconds, scaled);
  return { value: `${text.value} ${unit.name}`, range: text.range && `${text.range} ${unit.name}` };
}

/** `{ value: "1.021", range: "1.018–1.025" }`: three significant digits, up to five where the interval is narrow. */
export function estimate(value: number, interval: readonly [number, number] | null): EstimateText {
  if (!interval) return { value: significant(value), range: "" };
  const usual = decimalsOf(Math.max(Math.abs(value), Math.abs(interval[1])));
  const width = interval[1] - interval[0];
  const needed = width > 0 ? Math.ceil(-Math.log10(width)) : 0;
  const decimals = Math.min(Math.max(usual, needed), usual + 2);
  const [low, high] = interval.map((end) => fixed(end, decimals)) as [string, string];
  return { value: fixed(value, decimals), range: `${low}–${high}` };
}

/** A tick of a time axis: `0`, `2.5 ms`, `100 µs`; on an axis from zero all in one unit. */
export function tickDuration(seconds: number, among: readonly number[]): string {
  if (seconds === 0) return "0";
  const unit = timeUnit(among[0] === 0 ? Math.max(...among) : seconds);
  const others = among.map((one) => one / unit.seconds);
  return `${tickNumber(seconds / unit.seconds, others)} ${unit.name}`;
}

/**
 * A tick without trailing zeros, thousands apart: six significant digits, or as many as tell it from `among`, the others on its
 * axis. Very large and very small ones as powers of ten: `3×10¹²`.
 */
export function tickNumber(value: number, among: readonly number[] = []): string {
  const size = Math.abs(value);
  if (size < 1000 && size === value && Number.isInteger(value)) return String(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) {
    const exponent = Math.floor(Math.log10(size) + 1e-9);
    const mantissa = tickFormat(digitsFor(among))(value / 10 ** exponent);
    const power = `10${[...String(exponent)].map((digit) => superscripts[digit]).join("")}`;
    return mantissa === "1" ? power : `${mantissa}×${power}`;
  }
  return tickFormat(digitsFor(among))(value);
}

const superscripts: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((high, digit) => [String(digit), high])),
  "-": "⁻",
};

/** Significant digits that tell neighbours apart: six, or more where they differ by little. */
function digitsFor([first, second, ...rest]: readonly number[]): number {
  if (first === undefined || second === undefined || first === second) return 6;
  const most = Math.max(Math.abs(first), Math.abs(rest.at(-1) ?? second));
  const needed = 2 + Math.floor(Math.log10(most)) - Math.floor(Math.log10(Math.abs(second - first)));
  return Math.min(15, Math.max(6, needed));
}

const tickFormats: ((value: number) => string)[] = [];

function tickFormat(digits: number): (value: number) => string {
  tickFormats[digits] ??= format(`,.${digits}~r`);
  return tickFormats[digits];
}

/** Three significant digits, thousands apart: 0.0123, 1.02, 41.8, 1,230. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  // JavaScript's own writing is the same and much faster, where it has no exponent.
  const plain = Math.abs(value).toPrecision(3);
  if (value !== 0 && !plain.includes("e")) return value < 0 ? `−${plain}` : plain;
  const rounded = Number(value.toPrecision(3));
  return fixed(rounded, decimalsOf(Math.abs(rounded)));
}

/** Decimals that make three significant digits. */
function decimalsOf(value: number): number {
  return value === 0 ? 0 : Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(value))));
}

const fixedFormats: ((value: number) => string)[] = [];

/** A number with so many decimals, thousands apart. */
function fixed(value: number, decimals: number): string {
  fixedFormats[decimals] ??= format(`,.${decimals}f`);
  return fixedFormats[decimals](value);
}

/** A share as a percentage: `1.2 %`, `46 %`. */
export function percent(share: number): string {
  const value = Math.abs(share) * 100;
  return `${share < 0 ? "−" : ""}${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}
