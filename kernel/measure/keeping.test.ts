import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { type BenchResult, timingMime } from "./result.ts";
import { readParameter } from "./series.ts";

describe("%%bench in a kernel", () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  let k: TestKernel;
  beforeAll(() => {
    k = new TestKernel(folder);
  });
  afterAll(async () => {
    await k.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const short = "--rounds 6 --budget 400ms";
  const run = async (line: string, body: string, budget = "400ms") => {
    const ran = await k.run(`%%bench --rounds 6 --budget ${budget} ${line}\n${body}`);
    expect(ran.error?.traceback.join("\n")).toBeUndefined();
    return ran;
  };
  const result = (ran: Awaited<ReturnType<typeof run>>) => ran.displays[0]?.data[timingMime] as BenchResult;

  it("counts collections, tells allocations and first calls", async () => {
    const ran = await run(
      "--cold",
      "lists: Array.from({ length: 20000 }, (_, i) => ({ i })).length\nnone: 20000",
    );
    const [lists, none] = result(ran).sides;
    expect(lists?.collections?.count).toBeGreaterThan(0);
    expect(lists?.collections?.seconds).toBeGreaterThan(0);
    expect(lists?.first).toBeGreaterThan(0);
    expect(none?.allocated ?? 0).toBeLessThan(1000);
    expect(ran.displays[0]?.data["text/plain"]).toMatch(
      /Cold, the first call of each, once: lists [\d.]+ .s; none/,
    );
  });

  it("measures commands and requests", async () => {
    let asked = 0;
    const server = createServer((_, answer) => {
      asked++;
      answer.end("hello");
    }).listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      const ran = await run(
        "",
        `home: GET http://localhost:${port}/\nnode: %sh "${process.execPath}" -e "1"`,
      );
      const [home, node] = result(ran).sides;
      expect([home?.loop, node?.loop]).toEqual(["http", "shell"]);
      expect(asked).toBeGreaterThan(2);
      expect(result(ran).difference).toBeNull();
    } finally {
      server.close();
      server.closeAllConnections();
    }
    const ran = await k.run(`%%bench ${short}\na: %sh exit 4\nb: 1`);
    expect(ran.error?.evalue).toMatch(/ended with status 4/);
  });

  it("writes figures, keeps a result and compares with it on this machine only", async () => {
    await run(
      "--csv figures.csv --json all.json --save first",
      "a: Math.hypot(1, 2)\nb: Math.hypot(1, 2)",
      "3s",
    );
    expect(readFileSync(join(folder, "figures.csv"), "utf8")).toMatch(
      /^Side,Seconds a call,95 % from,to,.*\r\na,[\d.e-]+,/,
    );
    expect(JSON.parse(readFileSync(join(folder, "all.json"), "utf8"))).toMatchObject({ kind: "bench" });
    const again = await run(
      "--against first",
      "a: Math.hypot(1, 2)\nb: (() => { let s = 0; for (let i = 0; i < 1e4; i++) s += Math.hypot(i, 2); return Math.hypot(1, 2) })()",
      "3s",
    );
    const [a, b] = result(again).notes.filter((note) => note.includes("first"));
    expect(a).toMatch(
      /^No difference can be claimed between a and itself in first: [\d.]+ times as (fast|slow)/,
    );
    expect(b).toMatch(/^b is [\d,.]+ times as slow as in first/);

    const missing = await k.run(`%%bench ${short} --against other\na: 1`);
    expect(missing.error?.evalue).toMatch(/no earlier result other/);
    const path = join(folder, ".tandem", "bench", "first.json");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"cores":\d+/, '"cores":99'));
    const elsewhere = await k.run(`%%bench ${short} --against first\na: 1`);
    expect(elsewhere.error?.evalue).toMatch(/measured on another machine.*cores was 99/s);
  });

  it("--for measures each value, which set-up and sides see, and draws curves", async () => {
    const body =
      "const xs = Array.from({ length: n }, (_, i) => i)\nsum: xs.reduce((a, b) => a + b, 0)\nlast: n * (n - 1) / 2";
    const ran = await k.run(
      `%%bench --rounds 6 --budget 900ms --out found --csv curve.csv --save curve --for n in 10,100,1_000\n${body}`,
    );
    expect(ran.error?.traceback.join("\n")).toBeUndefined();
    expect(ran.displays.map(({ data }) => data["text/plain"]?.toString().slice(0, 8))).toEqual([
      "n = 10: ",
      "n = 100:",
      "n = 1000",
      "At n = 1",
    ]);
    expect(ran.displays[3]?.data["application/vnd.tandem.chart+json"]).toMatchObject({
      type: "lines",
      series: [{ name: "sum", x: [10, 100, 1000] }, { name: "last" }],
    });
    expect((await k.run("found.points.map((p) => p.result.sides.length)")).result?.["text/plain"]).toBe(
      "[ 2, 2, 2 ]",
    );
    const rows = readFileSync(join(folder, "curve.csv"), "utf8").split("\r\n");
    expect(rows.map((row) => row.split(",").slice(0, 2).join()).slice(0, 4)).toEqual([
      "n,Side",
      "10,sum",
      "10,last",
      "100,sum",
    ]);
    expect(readdirSync(join(folder, ".tandem", "bench"))).toEqual(
      expect.arrayContaining(["curve-n-10.json", "curve-n-100.json", "curve-n-1000.json"]),
    );
    expect((await k.run("%%bench in 1,2\na: 1")).error?.evalue).toContain("in 1,2");
  });

  it("reads what --for is given", () => {
    expect(readParameter("n in 10, 20")).toEqual({ parameter: "n", values: [10, 20] });
    expect(readParameter("mode in a,b")).toEqual({ parameter: "mode", values: ["a", "b"] });
    for (const text of ["n", "n in", "n in 1,,2", "1 in 2"])
      expect(() => readParameter(text)).toThrow(/cannot be read/);
  });
});

it("code is not followed while it is measured, and again after", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-bench-"));
  const k = new TestKernel(folder);
  try {
    const body = "a: (async () => { for (let i = 0; i < 1000; i++) await i; })()";
    expect((await k.run(`%%bench --rounds 6 --budget 400ms\n${body}`)).error).toBeUndefined();
    const late = k.start("setTimeout(() => console.log('late'), 50); 1");
    await late.done;
    await k.run("await new Promise((resolve) => setTimeout(resolve, 150))");
    expect(late.ran.stdout).toBe("late\n");
  } finally {
    await k.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
