import { expect, test } from "vitest";
import { copied, explain } from "./explain.ts";
import type { Step } from "./protocol.ts";

const data = (key: string, length: number): Step => ({
  op: "data",
  key,
  content: { bytes: new Uint8Array(length), shared: [] },
});

test("data that several names hold is told of each, and counted once in the total", () => {
  const steps: Step[] = [
    data("d", 2000),
    { op: "container", key: "c", kind: "array" },
    {
      op: "fill",
      key: "c",
      entries: [
        [{ value: 0 }, { key: "d" }],
        [{ value: 1 }, { key: "c" }],
      ],
    },
    { op: "global", name: "held", value: { key: "d" } },
    { op: "global", name: "holder", value: { key: "c" } },
    data("s", 10),
    { op: "global", name: "small", value: { key: "s" } },
  ];
  const { total, names } = copied(steps);
  expect(total).toBe(2010);
  expect(names()).toEqual(["held (2.00 kB)", "holder (2.00 kB)"]);
  expect(explain(steps).split("\n")[1]).toBe("holder  made again, with what it holds  2.00 kB");
});
