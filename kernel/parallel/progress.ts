// User code may replace the global timers.
import { clearInterval, clearTimeout, setInterval, setTimeout } from "node:timers";
import type { EngineContext } from "../engine/part.ts";

/** A run shorter than this shows no progress, in ms. */
const AFTER = 1500;
const EVERY = 250;

let displays = 0;

/** Shows how far a long run is, as one display that is updated. Gives what ends it. */
export function showProgress(
  context: EngineContext,
  { total, done, workers }: { total: number | undefined; done: () => number; workers: number },
): () => void {
  const id = `tandem-parallel-${process.pid}-${++displays}`;
  const start = performance.now();
  let shown = false;
  const show = () => {
    const bundle = progressBundle({ total, done: done(), workers, ms: performance.now() - start });
    if (shown) context.updateDisplay(id, bundle);
    else context.display(bundle, undefined, id);
    shown = true;
  };
  let ticking: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    ticking = setInterval(show, EVERY);
  }, AFTER);
  return () => {
    clearTimeout(first);
    clearInterval(ticking);
    if (shown) show();
  };
}

/** How far a run is, as text and as a bar. `ms`: since its start. */
export function progressBundle({
  total,
  done,
  workers,
  ms,
}: {
  total: number | undefined;
  done: number;
  workers: number;
  ms: number;
}): Record<string, string> {
  const rate = (done / ms) * 1000;
  const parts = [
    total === undefined ? `${count(done)} items` : `${count(done)} of ${count(total)} items`,
    `${rate >= 100 ? count(Math.round(rate)) : rate.toPrecision(2)}/s`,
    ...(total !== undefined && done > 0 && done < total
      ? [`${duration((total - done) / (rate / 1000))} left`]
      : []),
    ...(total !== undefined && done >= total ? [duration(ms)] : []),
    `${workers} ${workers === 1 ? "thread" : "workers"}`,
  ];
  const text = parts.join(" · ");
  const bar =
    total === undefined ? "<progress></progress>" : `<progress value="${done}" max="${total}"></progress>`;
  return { "text/plain": text, "text/html": `${bar} <span>${text}</span>` };
}

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
