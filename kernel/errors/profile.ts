import type { Advice } from "./advice.ts";

/** What %%profile can refuse. */
export const profileErrors = {
  profileTwice: (): Advice => ({
    what: "A profile is being taken already.",
    why: "V8 takes one of a thread at a time, and a cell of another subshell has begun one.",
    next: "Run this cell when that one is over.",
  }),
  profileNotKept: (path: string, reason: string): Advice => ({
    what: `The profile cannot be written to ${path}.`,
    why: reason,
    next: "Make room, or a folder that can be written, and run the cell again.",
  }),
};
