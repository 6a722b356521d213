import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("diagnostics of %%rust cells that are being written", () => {
  const rust = useRustKernel("tandem-diagnose-");
  const { folder } = rust;
  const diagnose = async (source: string) => (await rust.k.kernel.diagnose(source, "cell")) ?? [];

  it("tells place, code, related places and suggestions, in an editor's units", async () => {
    const found = await diagnose(
      '%%rust\npub fn f(v: Vec<f64>) -> usize {\n    drop(v);\n    let _s = "🦀é"; v.len()\n}',
    );
    expect(found).toHaveLength(1);
    const [first] = found;
    if (!first) return;
    const { start, end, severity, code, href, related, suggestions, message } = first;
    expect({ start, end, severity, code }).toEqual({
      // The crab is one character of Rust's and two of the editor's.
      start: { line: 3, character: 20 },
      end: { line: 3, character: 21 },
      severity: "error",
      code: "E0382",
    });
    expect(message).toContain("borrow of moved value");
    expect(href).toContain("E0382");
    expect(related.map(({ start: { line } }) => line)).toContain(2);
    const clone = suggestions.find(({ edits }) => edits.some(({ text }) => text.includes(".clone()")));
    expect(clone).toMatchObject({ certain: true, edits: [{ start: { line: 2, character: 10 } }] });
  });

  it("tells warnings, and what has no counterpart in TypeScript; nothing of what is right", async () => {
    const warned = await diagnose("%%rust\npub fn g() -> u8 { let mut x = 1; x }");
    expect(warned).toMatchObject([
      { severity: "warning", code: "unused_mut", suggestions: [{ certain: true, edits: [{ text: "" }] }] },
    ]);
    const generic = await diagnose("%%rust\npub fn h<T>(x: T) -> T { x }");
    expect(generic[0]).toMatchObject({ severity: "error", source: "tandem", start: { line: 1 } });
    expect(await diagnose("%%rust\npub fn fine() {}")).toEqual([]);
    expect(await diagnose("const x: string = 1")).toEqual([]);
    expect(readdirSync(join(folder, "cache", "rust")).filter((name) => /^[0-9a-f]{32}$/.test(name))).toEqual(
      [],
    );
  });

  it("sees the cells above, and leaves crates alone that no cell has built", async () => {
    expect((await rust.k.run("%%rust\npub struct P { pub x: f64 }")).error).toBeUndefined();
    expect(await diagnose("%%rust\npub fn x(p: P) -> f64 { p.x }")).toEqual([]);
    expect(await diagnose("%%rust\npub fn x(p: P) -> f64 { p.y }")).toMatchObject([{ code: "E0609" }]);
    const unbuilt = await diagnose('%%rust\n:dep itoa = "1"\npub fn x() { itoa::nothing() }');
    expect(unbuilt).toMatchObject([{ severity: "information", start: { line: 0 } }]);
  });

  it("gives up for a later question, answers while a cell runs, and remembers", async () => {
    const { done } = rust.k.start("await new Promise((resolve) => { globalThis.go = resolve })");
    const first = rust.k.kernel.diagnose("%%rust\npub fn a() -> u8 { 1u16 }", "one");
    const second = rust.k.kernel.diagnose("%%rust\npub fn a() -> u8 { 2u16 }", "one");
    expect(await first).toBeUndefined();
    const found = await second;
    expect(found).toMatchObject([{ code: "E0308" }]);
    expect(await rust.k.kernel.diagnose("%%rust\npub fn a() -> u8 { 2u16 }", "other")).toBe(found);
    rust.k.interrupt();
    await done;
  });
});
