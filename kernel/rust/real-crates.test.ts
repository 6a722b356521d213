import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRust, useRustKernel } from "../../test/rust-kernel.ts";

// One set of crates for all cells: it is built once. The first test builds it.
const crates = `
:dep anyhow = "1"
:dep async-std = "1"
:dep http-body-util = "0.1"
:dep hyper = { version = "1", features = ["http1", "client"] }
:dep hyper-util = { version = "0.1", features = ["client-legacy", "http1", "tokio"] }
:dep indicatif = "0.17"
:dep serde = { version = "1", features = ["derive"] }
:dep serde_json = "1"
:dep smol = "2"
:dep tokio = { version = "1", features = ["net", "rt-multi-thread", "time"] }
`;

// Below the home folder: there a library's relative way to the standard library does not lead over the root, where a way
// that is one step too long ends well.
describe.skipIf(!hasRust)("crates that many notebooks use", () => {
  const rust = useRustKernel(".tandem-test-crates-", { parent: homedir() });
  const { define, text, failure } = rust;
  const server = createServer((request, response) => {
    if (request.url === "/never") return;
    response.statusCode = request.url === "/no" ? 404 : 200;
    response.end(`you asked for ${request.url}`);
  });
  let address = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A server that listens on a port has an address of this form.
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("serde and anyhow, in the first cell of a fresh engine", async () => {
    await define(`${crates}
use anyhow::{ensure, Context};
use serde::{Deserialize, Serialize};
#[derive(Clone, Serialize, Deserialize)]
pub struct Place { pub name: String, pub at: (f64, f64), #[serde(default)] pub tags: Vec<String> }
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Shape { Circle { r: f64 }, Point }
pub fn places(json: &str) -> anyhow::Result<Vec<Place>> {
    let found: Vec<Place> = serde_json::from_str(json).context("these are no places")?;
    ensure!(!found.is_empty(), "there is no place");
    Ok(found)
}
pub fn written(place: Place) -> anyhow::Result<String> { Ok(serde_json::to_string(&place)?) }
pub fn again(shape: Shape) -> String { serde_json::to_string(&shape).unwrap() }`);
    expect(await text(`places('[{"name":"a","at":[1,2]}]')`)).toBe(
      "[ { name: 'a', at: [ 1, 2 ], tags: [] } ]",
    );
    expect(await text("written({ name: 'b', at: [0.5, 2], tags: ['x'] })")).toBe(
      `'{"name":"b","at":[0.5,2.0],"tags":["x"]}'`,
    );
    expect(await text("again({ kind: 'Circle', r: 2 })")).toBe(`'{"kind":"circle","r":2.0}'`);
    expect(await failure("places('{}')")).toContain("these are no places");
    expect(await failure("places('[]')")).toContain("there is no place");
  }, 600_000);

  it("hyper asks a server while the notebook serves it", async () => {
    await define(`${crates}
use anyhow::ensure;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::client::legacy::{connect::HttpConnector, Client};
use hyper_util::rt::TokioExecutor;
type Http = Client<HttpConnector, Empty<Bytes>>;
fn http() -> Http { Client::builder(TokioExecutor::new()).build_http() }
async fn load(client: Http, address: String) -> anyhow::Result<String> {
    let answer = client.get(address.parse()?).await?;
    ensure!(answer.status().is_success(), "{address}: {}", answer.status());
    Ok(String::from_utf8(answer.into_body().collect().await?.to_bytes().to_vec())?)
}
pub async fn get(address: String) -> anyhow::Result<String> { load(http(), address).await }
pub async fn get_all(address: String, n: u32) -> anyhow::Result<Vec<String>> {
    let client = http();
    let asked: Vec<_> = (0..n).map(|i| tokio::spawn(load(client.clone(), format!("{address}/{i}")))).collect();
    let mut all = Vec::new();
    for one in asked { all.push(one.await??); }
    Ok(all)
}`);
    expect(await text(`await get("${address}/x")`)).toBe("'you asked for /x'");
    expect(await text(`(await get_all("${address}", 50)).at(-1)`)).toBe("'you asked for /49'");
    expect(await failure(`await get("${address}/no")`)).toContain("404 Not Found");
    expect(await failure(`await get("${address}/never", { signal: AbortSignal.timeout(50) })`)).toContain(
      "TimeoutError",
    );
    // The server in the notebook's own thread: it is free while Rust asks.
    expect(
      await text(`import { createServer } from "node:http";
const here = createServer((_, response) => response.end("from the notebook")).listen(0, "127.0.0.1");
await new Promise((resolve) => here.once("listening", resolve));
const said = await get(\`http://127.0.0.1:\${(here.address() as { port: number }).port}/\`);
here.closeAllConnections();
here.close();
said`),
    ).toBe("'from the notebook'");
  });

  it("smol and async-std run beside tokio, with threads and timers of their own", async () => {
    await define(`${crates}
use std::{thread, time::Duration};
const NAP: Duration = Duration::from_millis(5);
pub fn on_smol(n: u32) -> u32 {
    smol::block_on(async {
        let tasks: Vec<_> = (0..n).map(|i| smol::spawn(async move { smol::Timer::after(NAP).await; i })).collect();
        let mut sum = 0;
        for task in tasks { sum += task.await; }
        sum
    })
}
pub fn on_async_std(n: u32) -> u32 {
    async_std::task::block_on(async {
        let tasks: Vec<_> = (0..n).map(|i| async_std::task::spawn(async move { async_std::task::sleep(NAP).await; i })).collect();
        let mut sum = 0;
        for task in tasks { sum += task.await; }
        sum
    })
}
/// Their futures are waited for by a task of tokio's.
pub async fn on_all() -> Vec<String> {
    async fn name() -> String { thread::current().name().unwrap_or("").to_string() }
    vec![smol::spawn(name()).await, async_std::task::spawn(name()).await, tokio::spawn(name()).await.unwrap()]
}`);
    expect(await text("[on_smol(100), on_async_std(100), await on_smol.async(100)]")).toBe(
      "[ 4950, 4950, 4950 ]",
    );
    const names = await text("await on_all()");
    expect(names).toMatch(/^\[ 'smol-\d+', 'async-std\/runtime', 'tokio-.*' \]$/);
  });

  it.runIf(process.platform === "linux")("indicatif's bars are drawn in the cell", async () => {
    await define(`${crates}
use indicatif::{ProgressBar, ProgressIterator, ProgressStyle};
use std::{thread, time::Duration};
pub fn bar(n: u64) {
    let bar = ProgressBar::new(n).with_style(ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").unwrap());
    bar.set_message("loading");
    for _ in 0..n { thread::sleep(Duration::from_millis(5)); bar.inc(1); }
    bar.finish();
}
pub fn iterated() -> u64 { (0..1000u32).progress().map(u64::from).sum() }
pub fn is_terminal() -> bool { use std::io::IsTerminal; std::io::stderr().is_terminal() }`);
    const { stderr, stdout, error } = await rust.k.run("bar(40n)");
    expect(error).toBeUndefined();
    expect(stdout).toBe("");
    const states = stderr.split("\r").filter((one) => one.includes("loading"));
    expect(states.length).toBeGreaterThan(2);
    expect(states.at(-1)).toMatch(/loading █+ 40\/40\s*$/);
    expect((await rust.k.run("await iterated.async()")).stderr).toContain("/1000");
    // Nobody else is told that stderr is a terminal.
    expect(await text("is_terminal()")).toBe("false");
  });
});
