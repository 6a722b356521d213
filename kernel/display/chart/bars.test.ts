import { describe, expect, it } from "vitest";
import { valueAxis } from "./axis.ts";
import { type BarChart, barChart } from "./bars.ts";
import { boxes } from "./boxes.ts";
import { duration, durationEstimate, estimate, percent, significant, tickDuration } from "./format.ts";
import { element, toText } from "./svg.ts";
import { wrap } from "./text-size.ts";

function chart(labels: Record<string, number>, missing: Record<string, string> = {}): BarChart {
  const bars = Object.entries(labels).map(([label, value]) => ({
    label,
    value,
    interval: [value * 0.9, value * 1.2] as const,
    text: duration(value),
    range: "(123–456 ms)",
    note: "× 41.8 (40.9–42.6), not claimed",
    hover: label,
    best: false,
  }));
  return {
    title:
      "A finding that is long enough to need more than one line of the chart, as findings with intervals do",
    notes: ["Something limits it."],
    subtitle: "Time of one call",
    rows: [...bars, ...Object.entries(missing).map(([label, why]) => ({ label, missing: why }))],
    footer: [
      "Small print that goes on for longer than one line of the drawing has room for, in a small font.",
    ],
    tick: tickDuration,
  };
}

const charts: Record<string, BarChart> = {
  "short labels": chart({ a: 1e-3, b: 1.02e-3 }),
  "500 times": chart({ a: 1e-3, b: 0.5 }),
  "nine decades": chart({ a: 1e-9, b: 1 }),
  "long labels": chart({ anIdentifierThatGoesOnAndOnForNoGoodReasonAtAll: 1, [`x${"y".repeat(120)}`]: 2 }),
  "a side not run": chart({ a: 1 }, { somethingMissing: `not run: ${"a reason and a command ".repeat(8)}` }),
  "nothing run": chart({}, { a: "not run", b: "not run" }),
};

describe("a bar chart", () => {
  describe.each(Object.keys(charts))("with %s", (name) => {
    it.each([400, 600, 900])("has no text over another or over its edge, %d pixels wide", (width) => {
      const drawing = barChart(charts[name] ?? chart({}), width);
      const found = boxes(drawing, { anchor: "start", bold: false, size: 12 });
      expect(found.length).toBeGreaterThan(3);
      for (const box of found) {
        expect(
          [box.left >= 0, box.right <= width, box.bottom <= Number(drawing.attributes.height)],
          box.text,
        ).toEqual([true, true, true]);
      }
      for (const [index, a] of found.entries()) {
        for (const b of found.slice(index + 1)) {
          const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          expect(apart, `${a.text} | ${b.text}`).toBe(true);
        }
      }
    });
  });

  it("tells screen readers what it shows", () => {
    const text = toText(barChart(chart({ typescript: 1, rust: 2 }, { python: "not run: no Python" })));
    expect(text).toMatch(/^<svg [^>]*role="img" aria-label="A finding/);
    expect(text).toMatch(
      /<title>A finding.*<desc>Something limits it\. .*typescript rust python: not run: no Python/,
    );
  });

  it("has its colours in attributes, and a theme's where the viewer knows variables", () => {
    const text = toText(barChart(chart({ a: 1 })));
    expect(text).toMatch(/<rect [^>]*fill="#[0-9a-f]{6}" class="tandem-mark"/);
    expect(text).toContain("@supports(color:var(--a)){");
    expect(text).not.toMatch(/style="[^"]*var\(/);
  });
});

describe("the value axis", () => {
  it("is linear from zero while small values can be seen", () => {
    const axis = valueAxis([1, 43], [100, 400], 70);
    expect(axis.logarithmic).toBe(false);
    expect(axis.at(0)).toBe(100);
    expect(axis.at(43)).toBe(400);
  });

  it("is logarithmic beyond, with a decade before the smallest", () => {
    const axis = valueAxis([1e-3, 0.5], [100, 400], 70);
    expect(axis.logarithmic).toBe(true);
    expect(axis.ticks).toEqual([1e-4, 1e-3, 1e-2, 1e-1]);
    expect(axis.at(1e-3)).toBeGreaterThan(150);
  });

  it("leaves out decades for which there is no room", () => {
    const { ticks } = valueAxis([1e-9, 1], [100, 400], 70);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.length).toBeGreaterThan(2);
  });

  it("takes no values, and all the same", () => {
    expect(() => valueAxis([], [0, 100], 70)).not.toThrow();
    expect(valueAxis([5, 5], [0, 100], 70).at(5)).toBe(100);
  });
});

describe("numbers", () => {
  it.each([
    [0.999_96, "1.00 s"],
    [0.0123, "12.3 ms"],
    [1e-6, "1.00 µs"],
    [2.5e-10, "0.250 ns"],
    [1234, "1,230 s"],
    [0, "0 ns"],
  ])("%d s is %s", (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [0.01234, "0.0123"],
    [1.0249, "1.02"],
    [41.84, "41.8"],
    [999.9, "1,000"],
    [-2.5, "−2.50"],
  ])("%d is %s", (value, text) => expect(significant(value)).toBe(text));

  it("have as many decimals as tell the ends of an interval apart", () => {
    expect(estimate(1.0211, [1.0204, 1.0219])).toEqual({ value: "1.021", range: "1.020–1.022" });
    expect(estimate(41.8, [40.9, 42.6])).toEqual({ value: "41.8", range: "40.9–42.6" });
    expect(estimate(3, null)).toEqual({ value: "3.00", range: "" });
    expect(durationEstimate(0.0123, [0.0119, 0.0131])).toEqual({ value: "12.3 ms", range: "11.9–13.1 ms" });
  });

  it("of ticks have no trailing zeros", () => {
    expect([0, 0.5, 1].map((tick) => tickDuration(tick, [0, 0.5, 1]))).toEqual(["0", "0.5 s", "1 s"]);
    expect([1e-6, 1e-3].map((tick) => tickDuration(tick, [1e-6, 1e-3]))).toEqual(["1 µs", "1 ms"]);
  });

  it("as percentages", () => {
    expect([0.0123, 0.46, -0.05].map(percent)).toEqual(["1.2 %", "46 %", "−5.0 %"]);
  });
});

describe("text", () => {
  it("breaks between words, then in identifiers, then anywhere", () => {
    expect(wrap("one two three", 60, 12)).toEqual(["one two", "three"]);
    expect(wrap("someCamelCase snake_case_name", 80, 12)).toEqual([
      "someCamel",
      "Case",
      "snake_",
      "case_name",
    ]);
    expect(wrap("x".repeat(20), 80, 12).join("")).toBe("x".repeat(20));
    expect(wrap("", 80, 12)).toEqual([""]);
  });

  it("is escaped in SVG", () => {
    expect(toText(element("text", { "aria-label": '"<&' }, "<b>\u0000&amp;"))).toBe(
      '<text aria-label="&quot;&lt;&amp;">&lt;b&gt;\ufffd&amp;amp;</text>',
    );
  });
});
