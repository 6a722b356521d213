// User code may replace the global timers.
import { clearInterval, clearTimeout, setInterval, setTimeout } from "node:timers";
import { count, duration } from "../display/words.ts";
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
