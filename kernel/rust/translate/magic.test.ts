import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("%torust", () => {
  const rust = useRustKernel("tandem-torust-", { types: true, attended: true });

  it("writes a function of an earlier cell, which then answers in its place", async () => {
    await rust.text(
      "let calls = 0;\nfunction steps(n: number) {\n  let count = 0\n  while (n > 1) { n = n % 2 === 0 ? n / 2 : 3 * n + 1; count++ }\n  return count\n}",
    );
    expect(await rust.text("steps(27)")).toBe("111");
    const ran = await rust.k.run("%torust steps");
    expect(ran.error).toBeUndefined();
    expect(ran.stdout).toMatch(/^steps as a %%rust cell, with its body\. Run the cell below/);
    // The type of the result is not written: TypeScript knows it.
    expect(ran.nextInput).toMatch(/^%%rust\npub fn steps\(mut n: f64\) -> f64 \{/);
    await rust.k.run(ran.nextInput ?? "");
    expect(await rust.text("[steps(27), String(steps).includes('while')]")).toBe("[ 111, false ]");
  });

  it("without a name takes the hottest function of the last profile, whose report names it", async () => {
    await rust.text(
      "function waste(ms: number): number {\n  let sum = 0\n  const end = performance.now() + ms\n  while (performance.now() < end) for (let i = 0; i < 1e4; i++) sum += Math.sqrt(i)\n  return sum\n}",
    );
    const profiled = await rust.k.run("%%profile\nwaste(150); steps(3)");
    expect(JSON.stringify(profiled.displays[0]?.data)).toContain("%torust waste writes it as a Rust cell.");
    const ran = await rust.k.run("%torust");
    expect(ran.stdout).toContain("its body is left to you");
    expect(ran.stdout).toContain("the call of performance.now (line 3) is not translated");
    expect(ran.nextInput).toContain(
      "pub fn waste(ms: f64) -> f64 {\n    // function waste(ms: number): number {",
    );
    expect((await rust.k.run(ran.nextInput ?? "")).error).toBeUndefined();
  });

  it("prints the cell on request, and says what it does not find", async () => {
    const ran = await rust.k.run("const half = (x: number): number => x / 2;\n%torust --print half");
    expect([ran.nextInput, ran.stdout]).toEqual([
      undefined,
      expect.stringContaining("%%rust\npub fn half(x: f64) -> f64 {\n    return x / 2.0;\n}"),
    ]);
    expect(await rust.failure("%torust nobody")).toContain("No cell that ran declares a function nobody.");
  });

  it("leaves out a body that the compiler refuses", async () => {
    // Rust's own `Vec` is hidden by the notebook's.
    const ran = await rust.k.run(
      "interface Vec { x: number }\nfunction norm(v: Vec): number { const xs = new Float64Array(2); xs[0] = v.x; return xs[0] }\n%torust norm",
    );
    expect(ran.stdout).toMatch(/its body is left to you[\s\S]*the compiler refuses its translation/);
    expect(ran.nextInput).toContain("todo!()");
    expect((await rust.k.run(ran.nextInput ?? "")).error).toBeUndefined();
  });
});
