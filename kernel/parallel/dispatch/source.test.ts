import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { sourceOf } from "./source.ts";

async function all(items: unknown, most: number): Promise<unknown[][]> {
  const source = sourceOf(items);
  const chunks: unknown[][] = [];
  for (;;) {
    const chunk = await source.take(most);
    if (chunk.length === 0) return chunks;
    chunks.push([...chunk]);
  }
}

describe("a source", () => {
  test.each([
    ["an array", [1, 2, 3], 3],
    ["a typed array", new Uint8Array([1, 2, 3]), 3],
    ["a set", new Set([1, 2, 3]), 3],
    ["a string", "123", undefined],
  ])("of %s knows how many there are", async (_what, items, size) => {
    expect(sourceOf(items).size).toBe(size);
    expect((await all(items, 2)).map((chunk) => chunk.length)).toEqual([2, 1]);
  });

  test("of an async generator waits for the first item only", async () => {
    const slow = async function* () {
      yield 1;
      yield 2;
      await setTimeout(30);
      yield 3;
    };
    expect(await all(slow(), 10)).toEqual([[1, 2], [3]]);
  });

  test("takes no more from a generator than asked for", async () => {
    let given = 0;
    const generator = (function* () {
      for (;;) yield ++given;
    })();
    await sourceOf(generator).take(5);
    expect(given).toBe(5);
  });

  test.each([
    [5, "a number"],
    [null, "null"],
    [{}, "an object"],
    [Promise.resolve([]), "a promise"],
    [() => [], "a function"],
  ])("is not made of %s", (items, what) => expect(() => sourceOf(items)).toThrow(what));
});
