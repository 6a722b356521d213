import type { Advice } from "./advice.ts";

/** What cannot be shown. */
export const displayErrors = {
  badImage: (reason: string): Advice => ({
    what: "This is no image that can be shown.",
    why: reason,
    next: "display.image takes the bytes of an image (a Buffer), or the path of its file.",
  }),
  notIterable: (type: string): Advice => ({
    what: "progress has nothing to go through.",
    why: `It was given ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}, which cannot be iterated.`,
    next: "Give it an array or another iterable: for (const row of progress(rows)) { … }.",
  }),
} as const;
