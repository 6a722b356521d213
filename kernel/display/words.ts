/** A whole number with separators between its thousands. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** A time in words: `0.4 ms`, `2.1 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toPrecision(2) : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
