import { performance } from "node:perf_hooks";

/** For how long answers of Python were awaited in this process; of several interpreters at once each instant counts once. */
let [seconds, open, since] = [0, 0, 0];

/** An interpreter begins to work on a request of TypeScript's. */
export function pythonBegins(): void {
  if (open++ === 0) since = performance.now();
}

/** It has answered, or never will. */
export function pythonEnds(): void {
  if (--open === 0) seconds += (performance.now() - since) / 1000;
}

/** In seconds since the process started. */
export const pythonSeconds = (): number => seconds + (open > 0 ? (performance.now() - since) / 1000 : 0);
