import type { Advice } from "./advice.ts";

/** What %%timeline can refuse. */
export const timelineErrors = {
  timelineTwice: (): Advice => ({
    what: "A timeline is being recorded already.",
    why: "Spans belong to one recording, and a cell of another subshell has begun one.",
    next: "Run this cell when that one is over.",
  }),
  timelineName: (name: string): Advice => ({
    what: `%%timeline cannot name a file after ${JSON.stringify(name)}.`,
    why: "The trace is saved beside the notebook, as name.trace.json.",
    next: "Use letters, digits, spaces, dots, hyphens and underscores, beginning with a letter or a digit; options stand before the name.",
  }),
};
