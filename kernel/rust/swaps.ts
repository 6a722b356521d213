import type { EngineContext } from "../engine/part.ts";
import { swapLibrary } from "./load.ts";

const underWay = new Map<string, { file: string; done: Promise<void> }>();

/** Runs the optimised code of a loaded library as soon as the kernel has built it. */
export function swapWhenBuilt(library: string, file: string, context: EngineContext): void {
  if (underWay.has(library)) return;
  const done = (async () => {
    try {
      // The kernel's half answers with a path or null (tiers.ts).
      const optimised = (await context.ask("rust.optimised", { library })) as string | null;
      if (optimised) swapLibrary(library, optimised);
    } catch {
      // The unoptimised code goes on.
    } finally {
      underWay.delete(library);
    }
  })();
  underWay.set(library, { file, done });
}

/** Waits until all loaded cells run their optimised code. The cells that were waited for, and for how long, in ms. */
export async function optimisedCells(): Promise<{ files: string[]; ms: number }> {
  const started = performance.now();
  const waiting = [...underWay.values()];
  await Promise.all(waiting.map(({ done }) => done));
  return { files: waiting.map(({ file }) => file), ms: performance.now() - started };
}
