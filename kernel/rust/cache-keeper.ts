import type { Part, Session } from "../cells/session.ts";
import { pruneCache } from "./cache-entries.ts";

/** Keeps the cache within the setting `cache_size`. */
export interface CacheKeeper extends Part {
  /** Something was added. */
  grown(): void;
}

/** How often it looks at most, in ms: a look takes the sizes of all files. */
const PAUSE = 10 * 60_000;

export function cacheKeeper(session: Session): CacheKeeper {
  let last = Number.NEGATIVE_INFINITY;
  let pruning: Promise<unknown> | undefined;
  return {
    grown() {
      if (session.settings.cache_size === Number.POSITIVE_INFINITY) return;
      if (pruning || performance.now() - last < PAUSE) return;
      last = performance.now();
      // What cannot be removed now is left to the next time.
      pruning = pruneCache(session.settings.cache_size)
        .catch(() => {})
        .finally(() => {
          pruning = undefined;
        });
    },
    async close() {
      await pruning;
    },
  };
}
