/** Types of `span` and of what %%timeline declares, for the type service. */
export const timelineTypes = `
/** Marks the time that a function takes, its promise included, in a %%timeline; returns what it returns. */
declare function span<T>(name: string, fn: () => T): T;
/** Marks the time until the end of the block: using s = span("parse") */
declare function span(name: string): Disposable;

/** What %%timeline found: a lane for each thread, task and worker; times in seconds since the cell's start. */
interface TimelineResult {
  kind: "timeline";
  /** From the cell's start to its end. */
  wall: number;
  /** How much of that TypeScript's event loop was blocked. */
  blocked: number;
  lanes: { name: string; spans: { name: string; kind: string; start: number; end: number }[] }[];
  /** Spans that were not kept. */
  dropped: number;
  /** The Chrome trace beside the notebook; null where it could not be written. */
  file: string | null;
}
`;
