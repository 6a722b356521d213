import { expect, test } from "vitest";
import { duration } from "../display/words.ts";
import { progressBundle } from "./progress.ts";

const text = (state: Parameters<typeof progressBundle>[0]) => progressBundle(state)["text/plain"];

test("tells how far, how fast and how long still", () => {
  expect(text({ total: 10_000, done: 2500, workers: 2, ms: 5000 })).toBe(
    "2,500 of 10,000 items · 500/s · 15.0 s left · 2 workers",
  );
  expect(text({ total: 4, done: 4, workers: 1, ms: 2000 })).toBe("4 of 4 items · 2.0/s · 2.0 s · 1 thread");
  expect(text({ total: undefined, done: 7, workers: 2, ms: 2000 })).toBe("7 items · 3.5/s · 2 workers");
  expect(text({ total: 4, done: 0, workers: 2, ms: 2000 })).toBe("0 of 4 items · 0.0/s · 2 workers");
});

test.each([
  [0.412, "0.41 ms"],
  [71.4, "71 ms"],
  [1500, "1.5 s"],
  [200_000, "3 min 20 s"],
  [7_260_000, "2 h 1 min"],
])("%d ms is %s", (ms, words) => expect(duration(ms)).toBe(words));
