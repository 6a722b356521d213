import { expect, test } from "vitest";
import { withKernel } from "../../../test/kernel.ts";
import type { MimeBundle } from "../../wire/message.ts";
import { chartMime } from "./spec.ts";

test("plot shows a chart of the user's data, and replaces one by its id", () =>
  withKernel(undefined, async (k) => {
    const lines = (y: string) =>
      `plot({ type: "lines", title: "t", x: { label: "x" }, y: { label: "y", unit: "s" }, series: [{ name: "a", x: [1, 2, 3], y: ${y} }] }, { id: "one" })`;
    const first = await k.run(lines("Float64Array.of(1, NaN, 3)"));
    expect(first.error).toBeUndefined();
    const data: MimeBundle = first.displays[0]?.data ?? {};
    expect(data[chartMime]).toMatchObject({ series: [{ y: [1, null, 3] }] });
    expect(data["image/svg+xml"]).toMatch(/^<svg /);
    expect(data["text/plain"]).toContain("3.00 s");
    const again = await k.run(`${lines("[4n, 5, 6]")}\n${lines("[7, 8, 9]")}`);
    expect(again.error).toBeUndefined();
    const wrong = await k.run('plot({ type: "pie" } as never)');
    expect(wrong.error?.evalue).toMatch(/plot cannot draw this\..*type.*docs\/charts\.md/);
  }));

test("its specification is typed", () =>
  withKernel(
    undefined,
    async (k) => {
      await k.run("%config check = strict");
      const good =
        'plot({ type: "heat", title: "t", x: { label: "x", values: ["a"] }, y: { label: "y", values: ["b"] }, cells: [[1]], value: { label: "v" } })';
      expect((await k.run(good)).error).toBeUndefined();
      expect((await k.run('plot({ type: "lines", title: "t" })')).error?.traceback.join("\n")).toMatch(
        /x|series/,
      );
    },
    { types: true },
  ));
