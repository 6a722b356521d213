import { scaleLinear, scaleLog } from "d3-scale";
import type { AxisSpec } from "./spec.ts";
import { type Unit, unitOf } from "./units.ts";

/** An axis with its pixels. */
export interface Scale {
  at(value: number): number;
  /** The value at a pixel. */
  value(pixel: number): number;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly unit: Unit;
  readonly log: boolean;
}

/** What an axis covers. A logarithmic one shows positive values only. */
export interface Extent {
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/**
 * The ends of an axis for these values: with some room, from zero where that takes no more than as much again, whole
 * decades on a logarithmic one.
 */
export function extentOf(values: Iterable<number>, { scale = "linear" }: AxisSpec, fromZero = false): Extent {
  const log = scale === "log";
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) [least, most] = log ? [1, 10] : [0, 1];
  if (log) {
    const room = least === most ? 3 : (most / least) ** 0.04;
    return { domain: [least / room, most * room], log };
  }
  if (fromZero || (least > 0 && least < (most - least) * 1.5)) least = Math.min(0, least);
  const room = most === least ? Math.abs(most) || 1 : (most - least) * 0.04;
  return { domain: [least === 0 ? 0 : least - room, most + room], log };
}

/** An axis that may count things: it then has ticks at whole numbers alone. */
export type ScaledAxis = AxisSpec & { readonly whole?: boolean };

/** Pixels and ticks for an extent; `space` are the pixels that a tick needs. */
export function makeScale(
  { domain, log }: Extent,
  range: readonly [number, number],
  space: number,
  axis: ScaledAxis,
): Scale {
  const count = Math.max(2, Math.floor(Math.abs(range[1] - range[0]) / space));
  const scale = log ? scaleLog(domain, range) : scaleLinear(domain, range);
  return {
    at: scale,
    value: (pixel) => scale.invert(pixel),
    domain,
    ticks: ticksOf(scale, { domain, log }, count, axis).filter(
      (tick) => !axis.whole || Number.isInteger(tick),
    ),
    unit: unitOf(axis.unit),
    log,
  };
}

function ticksOf(
  scale: { ticks(count: number): number[] },
  { domain, log }: Extent,
  count: number,
  { unit }: AxisSpec,
): number[] {
  if (!log) return scale.ticks(Math.min(count, 8));
  return unit === "B" ? powerTicks(domain, count) : logTicks(domain, count);
}

/** Powers of two, as far apart as there is room for: 1 KB, 16 KB, 256 KB. */
function powerTicks([least, most]: readonly [number, number], count: number): number[] {
  const [first, last] = [Math.ceil(Math.log2(least)), Math.floor(Math.log2(most))];
  const step = [1, 2, 4, 5, 10].find((one) => (last - first) / one < count) ?? 20;
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return powers.filter((power) => power % step === 0).map((power) => 2 ** power);
}

/** Decades where there are enough of them; else 1, 2 and 5 of each, or as a linear axis has them. */
function logTicks([least, most]: readonly [number, number], count: number): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  const inside = (values: number[]) =>
    values.filter((value) => value >= least * 0.999 && value <= most * 1.001);
  const powers = Array.from({ length: last - first + 1 }, (_, index) => Number(`1e${first + index}`));
  const decades = inside(powers);
  if (decades.length > count)
    return decades.filter((_, index) => index % Math.ceil(decades.length / count) === 0);
  const fine = inside(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  if (decades.length < 3 && fine.length <= count && fine.length > 1) return fine;
  return decades.length > 1 ? decades : scaleLinear([least, most], [0, 1]).ticks(Math.min(count, 5));
}
