import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { chromeTrace, nestedRows } from "./chrome.ts";
import { clockOffset } from "./clock.ts";
import { coarse } from "./gantt.ts";
import type { Span } from "./spans.ts";
import { traceFormat } from "./trace-format.ts";

const span = (start: number, end: number, name = ""): Span => ({ name, kind: "work", start, end });

describe("a timeline as Chrome trace events", () => {
  const text = chromeTrace(
    {
      lanes: [
        { name: "host", group: "TypeScript", spans: [span(0, 10, "all"), span(2.0000004, 5, "part")] },
        { name: "promises", group: "TypeScript", spans: [span(0, 4, "a"), span(2, 6, "b"), span(6, 7, "c")] },
        { name: "thread 1", group: "Rust", spans: [{ kind: "wait", start: 1, end: 2, lo: 5, hi: 10 }] },
      ],
      events: [{ at: 3, name: "worker ended", lane: "promises" }],
    },
    { title: "cell 7", dropped: 12 },
  );
  const trace = v.parse(traceFormat, JSON.parse(text));
  const complete = trace.traceEvents.filter((one) => one.ph === "X");

  it("keeps to the format, names every process and thread, and is in µs", () => {
    expect(complete).toContainEqual(
      expect.objectContaining({ name: "part", cat: "work", ts: 2000, dur: 3000, pid: 1, tid: 1 }),
    );
    expect(complete).toContainEqual(
      expect.objectContaining({
        name: "items 5–9",
        cat: "wait",
        pid: 2,
        args: { lo: 5, hi: 10, phase: "wait" },
      }),
    );
    const named = trace.traceEvents.flatMap((one) =>
      one.ph === "M" && "name" in one.args ? [one.args.name] : [],
    );
    expect(named).toEqual(["cell 7: TypeScript", "cell 7: Rust", "host", "promises", "promises", "thread 1"]);
    expect(trace.traceEvents).toContainEqual(
      expect.objectContaining({ ph: "i", name: "worker ended", tid: 2 }),
    );
    expect(trace.otherData).toEqual({ "spans not kept": "12" });
  });

  it("nests in every thread, as readers of the format expect", () => {
    for (const tid of new Set(complete.map((one) => one.tid))) {
      const own = complete.filter((one) => one.tid === tid);
      for (const a of own)
        for (const b of own) {
          const apart = a.ts + a.dur <= b.ts || b.ts + b.dur <= a.ts;
          const within = (x: typeof a, y: typeof a) => x.ts >= y.ts && x.ts + x.dur <= y.ts + y.dur;
          expect(apart || within(a, b) || within(b, a), `${a.name} and ${b.name}`).toBe(true);
        }
    }
    // `b` overlaps `a`, and `c` has room behind both.
    expect(
      nestedRows([span(2, 6, "b"), span(0, 4, "a"), span(6, 7, "c")]).map((row) =>
        row.map((one) => one.name),
      ),
    ).toEqual([["a", "c"], ["b"]]);
  });
});

describe("two clocks", () => {
  it("are one where every reading allows it", () => {
    expect(clockOffset([{ before: 10, theirs: 10.2, after: 10.5 }])).toBe(0);
  });

  it("are set against each other within the quickest reading", () => {
    const readings = [
      { before: 100, theirs: 50.5, after: 101 },
      { before: 110, theirs: 60.1, after: 110.2 },
    ];
    // Of the second one: between 49.9 and 50.1, which the first allows up to 50.5.
    expect(clockOffset(readings)).toBeCloseTo(50, 9);
  });
});

it("a lane with too many spans to be drawn keeps its extent", () => {
  const many = Array.from({ length: 5000 }, (_, i) => span(i, i + 0.9, "step"));
  const few = coarse(many);
  expect(few.length).toBeLessThanOrEqual(300);
  expect([few[0]?.start, few.at(-1)?.end]).toEqual([0, 4999.9]);
  expect(few[0]?.name).toBe("step");
});
