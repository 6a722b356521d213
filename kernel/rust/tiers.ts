import type { Part, Session } from "../cells/session.ts";
import { Interrupted } from "../engine/interrupted.ts";
import type { Compiled } from "./compile.ts";
import { isOwn, type RustExports } from "./exports.ts";

/**
 * Whether two builds of a cell may stand for each other while it is in use. Not where something of the cell outlives a
 * call: an instance of a class, or an iterator, is of one build's type, and each build has statics of its own.
 */
export function canSwap({ types, traits }: RustExports, text: string): boolean {
  const classes = types.some((one) => isOwn(one) && ["class", "lazy"].includes(one.shape.kind));
  const statics = /(?<!')\bstatic\b|\b(?:thread_local|lazy_static)\s*!/.test(text);
  return !classes && !statics && !traits.some(isOwn);
}

/** The optimised builds that follow cells which can be called already. */
export interface RustTiers extends Part {
  /** Begins the build that is to replace the code of `quick`, a library; `optimised`: where it will lie. */
  start(quick: string, optimised: string, build: (signal: AbortSignal) => Promise<Compiled>): void;
  /** Resolves when these libraries are no longer under way: they are there to be linked with. Rejects when interrupted. */
  built(libraries: readonly string[], signal: AbortSignal): Promise<void>;
}

export function rustTiers(_session: Session): RustTiers {
  const builds = new Map<string, { optimised: string; done: Promise<string | null> }>();
  const abort = new AbortController();
  return {
    start(quick, optimised, build) {
      if (builds.has(quick)) return;
      const done = build(abort.signal).then(
        (compiled) => (compiled.ok ? compiled.library : null),
        // The cell goes on as it is; what needs the optimised build compiles it again and tells why it fails.
        () => null,
      );
      builds.set(quick, { optimised, done });
      void done.finally(() => builds.delete(quick));
    },
    async built(libraries, signal) {
      const all = [...builds.values()].filter(({ optimised }) => libraries.includes(optimised));
      if (all.length === 0) return;
      const interrupted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Interrupted()), { once: true });
      });
      await Promise.race([Promise.all(all.map(({ done }) => done)), interrupted]);
    },
    handlers: {
      /** The library that replaces this one, when it is built; null where none does. */
      async optimised({ library }: { library: string }): Promise<string | null> {
        return (await builds.get(library)?.done) ?? null;
      },
    },
    async close() {
      abort.abort();
      await Promise.all([...builds.values()].map(({ done }) => done));
    },
  };
}
