import {
  duration,
  durationEstimate,
  type EstimateText,
  estimate,
  significant,
  tickDuration,
  tickNumber,
} from "./format.ts";

/** How the values of an axis or a column are written. */
export interface Unit {
  /** A value by itself: `12.3 ms`. */
  text(value: number): string;
  /** A value and the ends of its interval, with the digits that tell these apart. */
  estimate(value: number, interval: readonly [number, number]): EstimateText;
  /** A tick; `among` are the others on its axis. */
  tick(value: number, among: readonly number[]): string;
}

/** Units with writing of their own; of any other the name follows the number. */
const known: Readonly<Record<string, Unit>> = {
  s: { text: duration, tick: tickDuration, estimate: durationEstimate },
  B: {
    text: bytes,
    tick: bytes,
    estimate: (value, [low, high]) => ({ value: bytes(value), range: `${bytes(low)}–${bytes(high)}` }),
  },
  "%": {
    text: (share) => `${significant(share * 100)} %`,
    tick: (share, among) => `${tickNumber(share * 100, percents(among))} %`,
    estimate: (share, interval) => {
      const { value, range } = estimate(share * 100, [interval[0] * 100, interval[1] * 100]);
      return { value: `${value} %`, range: `${range} %` };
    },
  },
  "×": {
    text: (value) => `× ${significant(value)}`,
    tick: (value, among) => `× ${tickNumber(value, among)}`,
    estimate: (value, interval) => {
      const text = estimate(value, interval);
      return { value: `× ${text.value}`, range: text.range };
    },
  },
  "": { text: whole, tick: tickNumber, estimate },
};

const percents = (shares: readonly number[]) => shares.map((share) => share * 100);

/** The writing of a unit: `s` (seconds), `B` (bytes), `%` (a share), `×` (a ratio), nothing, or any name. */
export function unitOf(name: string | undefined): Unit {
  return (
    known[name ?? ""] ?? {
      text: (value) => `${whole(value)} ${name}`,
      tick: (value, among) => `${tickNumber(value, among)} ${name}`,
      estimate: (value, interval) => {
        const text = estimate(value, interval);
        return { value: `${text.value} ${name}`, range: text.range };
      },
    }
  );
}

/** Whole numbers in full, others with three significant digits. */
function whole(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? tickNumber(value) : significant(value);
}

const steps = ["B", "KB", "MB", "GB", "TB"] as const;

/** Powers of 1,024, as memory is told. */
function bytes(value: number): string {
  const power = Math.min(
    steps.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)),
  );
  const scaled = value / 1024 ** power;
  return `${Number.isInteger(scaled) ? tickNumber(scaled) : significant(scaled)} ${steps[power]}`;
}
