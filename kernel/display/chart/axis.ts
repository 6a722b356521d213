import { scaleLinear, scaleLog } from "d3-scale";

/** A value axis from left to right. */
export interface Axis {
  /** Pixel of a value. */
  at(value: number): number;
  /** Pixel at which bars start. */
  readonly start: number;
  readonly ticks: readonly number[];
  readonly logarithmic: boolean;
}

/** Beyond this ratio of the largest to the smallest value a linear axis would show the small ones as nothing. */
const linearUpTo = 50;

/**
 * The axis for values drawn as bars: linear from zero, or logarithmic from the power of ten below the smallest where
 * they span more than a linear axis can show.
 *
 * @param values positive, with the ends of intervals
 * @param range pixels of the left and right end
 * @param tickWidth pixels that a tick's label needs
 */
export function valueAxis(
  values: readonly number[],
  range: readonly [number, number],
  tickWidth: number,
): Axis {
  const usable = values.filter((value) => value > 0 && Number.isFinite(value));
  const most = usable.length > 0 ? Math.max(...usable) : 1;
  const least = Math.min(...usable, most);
  const count = Math.max(2, Math.floor((range[1] - range[0]) / tickWidth));
  if (most / least <= linearUpTo) {
    // An interval may reach below zero, where bars have no place.
    const scale = scaleLinear([0, most], range).clamp(true);
    return { at: scale, start: range[0], ticks: scale.ticks(Math.min(count, 6)), logarithmic: false };
  }
  // The shortest bar still has a length: its decade starts at least a fifth of a decade before it.
  const first = Math.floor(Math.log10(least) - 0.2);
  const start = tenTo(first);
  const scale = scaleLog([start, most], range).clamp(true);
  const decades: number[] = [];
  for (let power = first; tenTo(power) <= most * 1.001; power++) decades.push(tenTo(power));
  const step = Math.ceil(decades.length / count);
  return {
    at: scale,
    start: range[0],
    ticks: decades.filter((_, index) => index % step === 0),
    logarithmic: true,
  };
}

/** Exactly the number that is written so; `10 ** power` may miss it. */
const tenTo = (power: number) => Number(`1e${power}`);
