import { killEngine, type SpawnedEngine, spawnEngine } from "./spawn-engine.ts";

/** The process that was started before the kernel knew what to do with it. */
let first: { readonly folder: string; readonly engine: SpawnedEngine } | undefined;

/** Starts the kernel's first engine: at once, so that it gets ready while the kernel loads what it needs itself. */
export function startFirstEngine(folder: string, bundles: string): void {
  first = { folder, engine: spawnEngine(folder, bundles) };
}

/** Ends the one that waits: no kernel came to be. */
export function dropFirstEngine(): void {
  if (first) killEngine(first.engine);
  first = undefined;
}

/** An engine for the folder: the one that waits, once, or a new one. */
export function takeEngine(folder: string, bundles: string): SpawnedEngine {
  const waiting = first;
  first = undefined;
  return waiting?.folder === folder ? waiting.engine : spawnEngine(folder, bundles);
}
