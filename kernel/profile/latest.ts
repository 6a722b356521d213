import type { Part } from "../cells/session.ts";

/** What the last `%%profile` found, for what comes after it. */
export interface LatestProfile extends Part {
  /** The notebook's own functions that took time themselves, most first. */
  hottest: readonly string[];
}

export const latestProfile = (): LatestProfile => ({
  hottest: [],
  engineReplaced() {
    this.hottest = [];
  },
  async close() {},
});
