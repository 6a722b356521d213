import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { History } from "./store.ts";

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tandem-history-"));
  folder = join(home, "deep", "history");
});
afterEach(() => rmSync(home, { recursive: true }));

const tail = { hist_access_type: "tail", n: 10, output: true };

it("outlives the kernel, and only its owner may read it", async () => {
  const first = new History(folder);
  first.add(1, "let a = 1", undefined);
  first.add(2, "a", "1");
  await first.close();
  const second = new History(folder);
  second.add(1, "b", undefined);
  expect(await second.select(tail)).toEqual([
    [1, 1, ["let a = 1", null]],
    [1, 2, ["a", "1"]],
    [2, 1, ["b", null]],
  ]);
  if (process.platform === "win32") return;
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

it("gives kernels that run side by side sessions of their own", async () => {
  const all = Array.from({ length: 8 }, () => new History(folder));
  for (const [i, history] of all.entries()) history.add(1, `cell of ${i}`, undefined);
  await Promise.all(all.map((history) => history.close()));
  expect(readdirSync(folder)).toHaveLength(8);
});

it("is bounded: the oldest sessions go, and a result is cut", async () => {
  const first = new History(folder);
  first.add(1, "x", "y".repeat(100_000));
  await first.close();
  for (let session = 2; session <= 600; session++) {
    writeFileSync(join(folder, `${session}.jsonl`), `{"number":1,"source":"s${session}"}\n`);
  }
  const last = new History(folder);
  last.add(1, "new", undefined);
  await last.close();
  expect(readdirSync(folder).length).toBeLessThanOrEqual(501);
  expect(await last.select({ hist_access_type: "search", pattern: "s600" })).toHaveLength(1);
  expect(await last.select({ hist_access_type: "search", pattern: "s2" })).toHaveLength(0);
});

it("reads past a line that was cut short", async () => {
  const first = new History(folder);
  first.add(1, "kept", undefined);
  await first.close();
  appendFileSync(join(folder, "1.jsonl"), '{"number":2,"sou');
  expect(await new History(folder).select(tail)).toEqual([[1, 1, ["kept", null]]]);
});

it("costs no cell where its folder cannot be made", async () => {
  writeFileSync(join(home, "file"), "");
  const history = new History(join(home, "file", "history"));
  history.add(1, "a", undefined);
  expect(await history.select(tail)).toEqual([[1, 1, ["a", null]]]);
});
