import { badArguments } from "./command.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

/** An option's time in ms: `30s`, `500ms`, `2min`, `1h`; a number alone is seconds. Undefined where it is not given. */
export function readDuration(command: string, option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|min|m|h)?$/.exec(text) ?? [];
  const time = Number(digits) * (UNITS[unit] ?? 0);
  // Timers hold 31 bits.
  if (time > 0 && time < 2 ** 31) return time;
  throw badArguments(command, `--${option} takes a time such as 30s, 500ms or 2min, not ${text}.`);
}

/** A time as people read it: `0.12 s`, `75.3 s`. */
export const secondsText = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
