import { describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

describe.skipIf(!hasRust)("async fn and AbortSignal in %%rust cells", () => {
  const rust = useRustKernel("tandem-rust-async-", { types: true, sharedCache: true });
  const { text, failure } = rust;

  const define = async (source: string) => {
    const { error, stderr } = await rust.k.run(`%%rust${source}`);
    expect(error?.traceback.join("\n")).toBeUndefined();
    return stderr;
  };

  it("an async fn is a promise, without any crate", async () => {
    await define(`
use std::future::Future; use std::pin::Pin; use std::task::{Context, Poll};
/// Gives the thread back once.
struct Pause(bool);
impl Future for Pause {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, c: &mut Context<'_>) -> Poll<()> {
        if self.0 { return Poll::Ready(()) }
        self.0 = true; c.waker().wake_by_ref(); Poll::Pending
    }
}
pub async fn add(a: u32, b: &str) -> String { Pause(false).await; format!("{a}{b}") }
pub async fn mean(data: &[f64]) -> Result<f64, String> {
    Pause(false).await;
    if data.is_empty() { Err("no data".into()) } else { Ok(data.iter().sum::<f64>() / data.len() as f64) }
}
pub async fn bad(n: u32) -> u32 { Pause(false).await; assert!(n < 3, "n is {n}"); n }
pub struct Account { cents: u64 }
impl Account {
    pub fn new() -> Self { Account { cents: 0 } }
    pub async fn pay(&mut self, cents: u64) -> u64 { Pause(false).await; self.cents += cents; self.cents }
}
pub async fn ask(f: impl Fn(u32) -> u32 + Send + Sync) -> u32 { let a = f(1); Pause(false).await; a + f(2) }`);
    expect(await text("[await add(1, 'x'), await add.async(2, 'y'), add(3, 'z') instanceof Promise]")).toBe(
      "[ '1x', '2y', true ]",
    );
    expect(await text("await mean(new Float64Array([1, 2, 6]))")).toBe("3");
    expect(await failure("await mean(new Float64Array())")).toContain("Error: no data");
    const panicked = await rust.k.run("await bad(3)");
    expect(panicked.error?.evalue).toMatch(/panicked: n is 3 \(cell-\d+\.rs:\d+:\d+\)/);
    expect(panicked.stderr).toBe("");
    expect(
      await text(
        "const all = await Promise.all(Array.from({ length: 500 }, (_, i) => add(i, ''))); all.at(-1)",
      ),
    ).toBe("'499'");
    expect(await text("const account = new Account(); const paid = account.pay(5n); paid")).toContain(
      "Promise",
    );
    expect(await text("[await paid, await account.pay(1n)]")).toBe("[ 5n, 6n ]");
    expect(
      await failure("const first = account.pay(1n); try { account.pay(1n) } finally { await first }"),
    ).toMatch(/this Account is in use by another call/);
    expect(await text("await ask((n) => n * 10)")).toBe("30");
    expect((await rust.k.run("const wrong: string = add(1, 'x')")).stderr).toMatch(/Promise<string>/);
  });

  it("a future that cannot change its thread is refused at its line", async () => {
    const { error } = await rust.k.run(`%%rust
use std::rc::Rc;
async fn other() {}
pub async fn held() -> u32 { let rc = Rc::new(1); other().await; *rc }`);
    expect(error?.traceback.join("\n")).toMatch(/future cannot be sent between threads[\s\S]*cell-\d+\.rs:4/);
  });

  it("runs on tokio where the cell has it, on one runtime for all cells", async () => {
    // With rayon, since the tests of timelines need both: they are built once.
    await define(` --dep rayon=1 --dep tokio=1
use std::time::Duration;
pub async fn nap(ms: u64) -> u64 { tokio::time::sleep(Duration::from_millis(ms)).await; ms }
pub async fn both() -> u32 {
    let a = tokio::spawn(async { 1 }); let b = tokio::spawn(async { 2 });
    a.await.unwrap() + b.await.unwrap()
}
pub async fn runtime() -> String { format!("{:?}", tokio::runtime::Handle::current().id()) }
pub struct Open; impl Drop for Open { fn drop(&mut self) { println!("closed") } }
pub async fn hang() { let _open = Open; tokio::time::sleep(Duration::from_secs(3600)).await; }`);
    await define(` --dep rayon=1 --dep tokio=1
pub async fn runtime_too() -> String { format!("{:?}", tokio::runtime::Handle::current().id()) }`);
    expect(await text("[await nap(1n), await both()]")).toBe("[ 1n, 3 ]");
    expect(await text("(await runtime()) === (await runtime_too())")).toBe("true");
    // As many at once as one likes: they are tasks, not threads.
    expect(await text("(await Promise.all(Array.from({ length: 2000 }, () => nap(20n)))).length")).toBe(
      "2000",
    );
  }, 240_000);

  it("an aborted signal drops the future where it waits, and the promise rejects with the reason", async () => {
    const { error, result, stdout } = await rust.k.run(`
const end = new AbortController();
const hanging = hang({ signal: end.signal });
setTimeout(() => end.abort(), 20);
let reason: any;
try { await hanging } catch (error) { reason = error }
await nap(20n);
[reason.name, reason === end.signal.reason]`);
    expect(error).toBeUndefined();
    expect(result?.["text/plain"]).toBe("[ 'AbortError', true ]");
    expect(stdout).toBe("closed\n");
    expect(await text("await nap(3n, { signal: new AbortController().signal })")).toBe("3n");
    expect(await failure("await nap(3n, { signal: AbortSignal.abort(new Error('before')) })")).toContain(
      "before",
    );
  });

  it("as many calls as there are threads run at once, whatever ran just before", async () => {
    await define(`
use std::sync::Barrier;
static ALL: Barrier = Barrier::new(4);
pub fn meet() { ALL.wait(); }
pub fn nothing() {}`);
    expect(
      await text(`
for (let round = 0; round < 4000; round++) {
  const short = Array.from({ length: round % 6 }, () => nothing.async());
  await Promise.all([...short, meet.async(), meet.async(), meet.async(), meet.async()]);
}
"met"`),
    ).toBe("'met'");
  });

  it("a signal reaches tandem::cancelled() in a plain function, also on its own threads", async () => {
    await define(`
use std::{sync::atomic::{AtomicUsize, Ordering::SeqCst}, thread, time::Duration};
static BEGUN: AtomicUsize = AtomicUsize::new(0);
static ENDED: AtomicUsize = AtomicUsize::new(0);
pub fn begun() -> usize { BEGUN.load(SeqCst) }
pub fn ended() -> usize { ENDED.load(SeqCst) }
pub fn work() -> u32 {
    BEGUN.fetch_add(1, SeqCst);
    let mut n = 0;
    while !tandem::cancelled() { n += 1; thread::sleep(Duration::from_millis(1)) }
    println!("stopped");
    ENDED.fetch_add(1, SeqCst);
    n
}
pub fn spread() {
    BEGUN.fetch_add(1, SeqCst);
    let token = tandem::CancellationToken::current();
    thread::scope(|s| for _ in 0..2 { let token = token.clone(); s.spawn(move || while !token.is_cancelled() { thread::sleep(Duration::from_millis(1)) }); });
    println!("both stopped");
    ENDED.fetch_add(1, SeqCst);
}
pub fn plain() -> bool { tandem::cancelled() }`);
    const { error, stdout } = await rust.k.run(`
const soon = () => new Promise((r) => setTimeout(r, 1));
for (const [before, f] of [work, spread].entries()) {
  const end = new AbortController();
  const call = f.async({ signal: end.signal });
  while (begun() === before) await soon();
  end.abort();
  try { await call } catch (error) { console.log((error as Error).name) }
  while (plain()) {}
}
while (ended() < 2) await soon();
await new Promise((r) => setTimeout(r, 300))`);
    expect(error).toBeUndefined();
    const lines = stdout.trim().split("\n").sort();
    expect(lines).toEqual(["AbortError", "AbortError", "both stopped", "stopped"]);
  });
});
