import { killEngine, type SpawnedEngine, spawnEngine } from "./spawn-engine.ts";

/** The process that was started before the kernel knew what to do with it. */
let first: { readonly folder: string; readonly engine: SpawnedEngine } | undefined;

/** Keeps an engine that was started for a folder; without one, ends the one that was kept and that nobody took. */
export function keepFirstEngine(folder: string, engine?: SpawnedEngine): void {
  if (first && !engine) killEngine(first.engine);
  first = engine && { folder, engine };
}

/** An engine for the folder: the one that was kept, once, or a new one. */
export function takeEngine(folder: string, bundles: string): SpawnedEngine {
  const kept = first;
  first = undefined;
  return kept?.folder === folder ? kept.engine : spawnEngine(folder, bundles);
}
