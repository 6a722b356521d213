import { expect, test } from "vitest";
import { withRetries } from "./retries.ts";

/** Fails so many times, and then gives the index. */
function failing(times: number, how: "throws" | "rejects") {
  let calls = 0;
  const fn = (_item: unknown, index: number): unknown => {
    const failed = ++calls <= times;
    if (how === "rejects") return failed ? Promise.reject(new Error(`${calls}`)) : Promise.resolve(index);
    if (failed) throw new Error(`${calls}`);
    return index;
  };
  return { fn, calls: () => calls };
}

test.each(["throws", "rejects"] as const)("an item that %s is tried again as often as asked", async (how) => {
  const enough = failing(2, how);
  expect(await withRetries(enough.fn, 2)("a", 7)).toBe(7);
  expect(enough.calls()).toBe(3);
  const tooFew = failing(3, how);
  await expect(async () => await withRetries(tooFew.fn, 2)("a", 7)).rejects.toThrow("3");
  expect(tooFew.calls()).toBe(3);
});

test("a call that throws after one that rejected counts as well", async () => {
  let calls = 0;
  const fn = () => {
    if (++calls === 1) return Promise.reject(new Error("rejected"));
    throw new Error("thrown");
  };
  await expect(async () => await withRetries(fn, 1)(0, 0)).rejects.toThrow("thrown");
  expect(calls).toBe(2);
});

test("without retries the function stays itself", () => {
  const fn = () => 1;
  expect(withRetries(fn, 0)).toBe(fn);
});
