import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("what %%rust cells show", () => {
  const rust = useRustKernel("tandem-rust-shown-", { types: true });
  const { define } = rust;

  it("HTML, Markdown and pictures stand where the text would", async () => {
    await define(`
pub fn show() {
    print!("before ");
    tandem::display_html("<b>bold</b>");
    println!("between");
    tandem::display_markdown("# title\\n\\ntext");
    tandem::display_svg(r#"<svg xmlns="http://www.w3.org/2000/svg"/>"#);
    tandem::display_png(&[0x89, 0x50, 0x4e, 0x47]);
    tandem::display_mime("application/vnd.x+json", r#"{"a":[1]}"#);
    // As plotters and others write it.
    println!("EVCXR_BEGIN_CONTENT text/html\\n<i>theirs</i>\\nEVCXR_END_CONTENT");
    print!("after");
}`);
    const ran = await rust.k.run("show(); console.log('!')");
    expect(ran.displays.map(({ data }) => data)).toEqual([
      { "text/html": "<b>bold</b>" },
      { "text/markdown": "# title\n\ntext" },
      { "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      { "image/png": "iVBORw==" },
      { "application/vnd.x+json": { a: [1] } },
      { "text/html": "<i>theirs</i>" },
    ]);
    expect(ran.stdout).toBe("before between\nafter!\n");
    expect(ran.order.map((one) => one.split(":")[0])).toEqual(expect.arrayContaining(["out", "display"]));
    const places = ran.order.map((one) => (one.startsWith("out:") ? one : one.split(":")[0])).join("|");
    expect(places).toMatch(/^out:before \|display\|out:between\n\|display/);
  });

  it("large content from several threads at once stays whole", async () => {
    await define(`
pub fn many() {
    std::thread::scope(|s| for t in 0..4 { s.spawn(move || for _ in 0..5 {
        tandem::display_html(t.to_string().repeat(100_000));
        println!("line of {t}");
    }); });
}`);
    const { displays, stdout } = await rust.k.run("many()");
    expect(displays.length).toBe(20);
    for (const { data } of displays) expect(data["text/html"]).toMatch(/^(0+|1+|2+|3+)$/);
    expect(stdout.split("\n").filter((line) => /^line of [0-3]$/.test(line)).length).toBe(20);
  });

  it("text without a line feed comes too, of the call, of its threads, and of threads that go on", async () => {
    await define(`
use std::{thread, time::Duration};
pub fn dots() { thread::scope(|s| { s.spawn(|| print!("..")); }); print!("!"); }
pub fn later() { thread::spawn(|| { thread::sleep(Duration::from_millis(50)); print!("late"); thread::sleep(Duration::from_secs(5)); }); }
pub async fn soon() { print!("soon") }`);
    expect((await rust.k.run("dots()")).stdout).toBe("..!");
    expect((await rust.k.run("await dots.async()")).stdout).toBe("..!");
    expect((await rust.k.run("await soon(); await new Promise((r) => setTimeout(r, 400))")).stdout).toBe(
      "soon",
    );
    expect((await rust.k.run("later(); await new Promise((r) => setTimeout(r, 600))")).stdout).toBe("late");
  });

  it("progress bars, drawn like the notebook's own", async () => {
    await define(`
pub fn steps(n: u64) { let bar = tandem::progress(n); for _ in 0..n { bar.inc(1); } }
pub fn items(values: Vec<u32>) -> u32 { tandem::progress!(values.iter(), "adding \\"them\\"").sum() }
pub fn partly() { for x in tandem::progress!(0..10) { if x == 4 { break } } }
pub fn endless() { let bar = tandem::Progress::endless("looking"); bar.set(7); }
pub fn threads() { let bar = tandem::progress(40); std::thread::scope(|s| for _ in 0..4 { s.spawn(|| for _ in 0..10 { bar.inc(1) }); }); }`);
    const last = async (source: string) => {
      const { displays, stdout, error } = await rust.k.run(source);
      expect(error).toBeUndefined();
      expect(stdout).toBe("");
      expect(displays.length).toBe(1);
      return displays[0]?.data["text/plain"] as string;
    };
    expect(await last("steps(1000n)")).toMatch(/100 % █{20} 1,000 in /);
    expect(await last("items([1, 2, 3]);")).toMatch(/^adding "them" 100 % .*3 in /);
    expect(await last("partly()")).toMatch(/stopped at 5 of 10/);
    expect(await last("endless()")).toMatch(/^looking 7 in /);
    expect(await last("await threads.async()")).toMatch(/100 % .*40 in /);
    const { displays } = await rust.k.run("steps(1n); steps(2n)");
    expect(displays.length).toBe(2);
  });

  it("spans of all threads, as lanes of a chart", async () => {
    await define(`
use std::{thread, time::Duration};
pub fn work() {
    let _all = tandem::span!("all");
    thread::scope(|s| for _ in 0..2 { s.spawn(|| { let _part = tandem::span!("part"); thread::sleep(Duration::from_millis(5)); }); });
}
pub fn flood(n: u32) { for _ in 0..n { let _s = tandem::span!("s"); } }`);
    const { result, error, stderr } = await rust.k.run(`
work();
const lanes = rustSpans();
const all = lanes.flatMap((l) => l.spans).find((s) => s.label === "all")!;
const parts = lanes.flatMap((l) => l.spans).filter((s) => s.label === "part");
plot({ type: "gantt", title: "Two threads.", lanes });
[lanes.length, parts.length, parts.every((p) => p.start >= all.start && p.end <= all.end && p.end - p.start >= 0.005), rustSpans().length]`);
    expect(error?.traceback.join("\n")).toBeUndefined();
    expect(stderr).toBe("");
    expect(result?.["text/plain"]).toBe("[ 3, 2, true, 0 ]");
    // The buffer is bounded, and says so.
    const full = await rust.k.run("flood(140_000); rustSpans()[0]!.spans.length");
    expect(full.result?.["text/plain"]).toBe(String(1 << 17));
    expect(full.stderr).toMatch(/8928 spans were not kept/);
  });
});
