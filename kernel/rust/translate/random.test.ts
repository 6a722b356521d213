import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../../test/rust-kernel.ts";
import { rustFromTypeScript } from "./from-typescript.ts";

/** Expressions of numbers over `a`, `b`, `x`, the counter `i` and the integer `k`, and conditions. */
const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => {
  const [n, c] = [tie("number"), tie("condition")];
  const binary = (operators: readonly string[]) =>
    fc.tuple(n, fc.constantFrom(...operators), n).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
  return {
    number: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(
        "a",
        "b",
        "x",
        "i",
        "k",
        "0",
        "1",
        "2.5",
        "7",
        "1e-3",
        "4294967297",
        "xs[i % 3]",
        "xs.length",
      ),
      binary(["+", "-", "*", "/"]),
      binary(["%", "&", "|", "^", "<<", ">>", ">>>"]),
      n.map((one) => `-(${one})`),
      n.map((one) => `~${one}`),
      fc.tuple(c, n, n).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
      fc
        .tuple(fc.constantFrom("abs", "floor", "ceil", "trunc", "round", "sqrt"), n)
        .map(([f, one]) => `Math.${f}(${one})`),
      fc.tuple(fc.constantFrom("min", "max"), n, n).map(([f, one, other]) => `Math.${f}(${one}, ${other})`),
    ),
    condition: fc.oneof(
      { depthSize: "small" },
      fc.tuple(n, fc.constantFrom("<", "<=", ">", ">=", "===", "!=="), n).map((parts) => parts.join(" ")),
      fc.tuple(c, fc.constantFrom("&&", "||"), c).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      c.map((one) => `!(${one})`),
      n.map((one) => `Number.isNaN(${one})`),
    ),
  };
});

const body = fc.tuple(number, condition, number, condition, number).map(
  ([first, test, then, end, last]) => `(a: number, b: number, xs: Float64Array): number {
  let x = ${first.replace(/\b[ikx]\b(?!s)/g, "a").replaceAll("xs[a % 3]", "xs[0]")}
  let k = 0
  for (let i = 0; i < 4; i++) {
    if (${test}) { x = ${then}; k = i % 2 }
    else if (${end.replace(/\bi\b/g, "k")}) k++
    else x += 1
  }
  let i = xs.length
  while (i > 0) { i--; x -= ${last} }
  return x
}`,
);

describe.skipIf(!hasRust)("any body that is translated", () => {
  const rust = useRustKernel("tandem-translate-random-");

  it("gives what the original gives", async () => {
    const sources = fc.sample(body, { numRuns: 60, seed: 20 }).map((text, i) => `function f${i}${text}`);
    const cells = sources.map((source, i) => rustFromTypeScript(source, `f${i}`));
    const whole = cells.flatMap((cell, i) => (cell?.complete ? [i] : []));
    // What is left out is no failure, but most must be there for this to say anything.
    expect(whole.length).toBeGreaterThan(35);
    const parts = whole.flatMap(
      (i) => cells[i]?.text.replace("%%rust\n", "").split(/\n(?=\/\/\/|fn |pub |#\[)/) ?? [],
    );
    const text = [...new Set(parts.map((part) => part.trim()))].join("\n");
    const said = await rust.k.run(`%%rust --as rs\n#![allow(warnings)]\n${text}`);
    expect(said.error?.traceback.join("\n")).toBeUndefined();
    await rust.text(sources.join("\n"));
    const inputs = [
      [0, 0],
      [1, 2],
      [-3.5, 2],
      [1e10, -7],
      [0.1, 1 / 3],
      [Number.NaN, 1],
      [-0, Number.POSITIVE_INFINITY],
    ];
    const answers =
      await rust.text(`JSON.stringify([${whole.map((i) => `["f${i}", f${i}, rs.f${i}]`).join(",")}].flatMap(([name, ts, rs]) =>
  ${JSON.stringify(inputs.map((pair) => pair.map(String)))}.flatMap((texts) => {
    const [a, b] = texts.map(Number), xs = Float64Array.of(1, -2.5, 1e6);
    const [one, other] = [ts(a, b, xs), rs(a, b, xs)];
    // JSON has neither NaN nor infinities.
    return one === other || (one !== one && other !== other) ? [] : [[name, texts.join(), String(one), String(other)].join(" ")];
  })))`);
    const wrong: string[] = JSON.parse(String(answers).slice(1, -1));
    const first = sources[Number(/^f(\d+)/.exec(wrong[0] ?? "")?.[1])];
    expect(wrong, first).toEqual([]);
  });
});
