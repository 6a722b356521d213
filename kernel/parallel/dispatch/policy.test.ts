import { describe, expect, test } from "vitest";
import { ChunkSize } from "./chunk-size.ts";
import { times, worthwhile } from "./decide.ts";

describe("ChunkSize", () => {
  test("aims at 5 ms, growing eightfold at most", () => {
    const size = new ChunkSize({});
    expect(size.next(1e6, 2)).toBe(32);
    size.measured(32, 0.32);
    expect(size.next(1e6, 2)).toBe(256);
    for (let i = 0; i < 5; i++) size.measured(256, 2.56);
    expect(size.next(1e6, 2)).toBe(500);
    size.measured(500, 50);
    expect(size.next(1e6, 2)).toBe(50);
  });

  test("starts from what a probe found", () => {
    expect(new ChunkSize({ perItem: 1 }).next(1e6, 2)).toBe(5);
  });

  test("shrinks towards the end, and never to nothing", () => {
    const size = new ChunkSize({ perItem: 1e-4 });
    expect(size.next(100, 2)).toBe(25);
    expect(size.next(3, 4)).toBe(1);
    expect(size.next(undefined, 2)).toBe(1024);
  });

  test("keeps a size that was asked for", () => {
    const size = new ChunkSize({ fixed: 7 });
    size.measured(7, 1000);
    expect(size.next(2, 2)).toBe(7);
    expect(size.longest).toBeUndefined();
  });
});

describe("where the rest runs", () => {
  const base = { left: 1000, perItem: 1, transfer: 0, workers: 2, start: 60 };

  test("long work goes to workers, short work stays", () => {
    expect(worthwhile(base)).toBe(true);
    expect(worthwhile({ ...base, left: 20 })).toBe(false);
    expect(worthwhile({ ...base, left: 20, start: 2 })).toBe(true);
    expect(worthwhile({ ...base, perItem: 1e-5 })).toBe(false);
  });

  test("one worker is never worth it", () => expect(worthwhile({ ...base, workers: 1 })).toBe(false));

  test("work stays where sending costs more than doing", () =>
    expect(worthwhile({ ...base, left: 1e6, perItem: 0.001, transfer: 0.002 })).toBe(false));

  test("a long item is never cut in two", () => {
    expect(times({ left: 3, perItem: 100, transfer: 0, workers: 2, start: 0 }).there).toBe(200);
  });
});
