import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellOutput } from "../cell.ts";
import { noOutput } from "../no-output.ts";
import { defaultSettings } from "../settings.ts";
import { LimitedOutput } from "./limited-output.ts";
import { removeOld } from "./output-file.ts";

let cache: string;
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "tandem-test-"));
  process.env.TANDEM_CACHE = cache;
});
afterAll(() => {
  delete process.env.TANDEM_CACHE;
  rmSync(cache, { recursive: true, force: true });
});

/** A limited output, and what a front end has of it. */
function limitedTo(limit: number) {
  const seen = { text: "", displays: [] as unknown[], notes: new Map<string, string>() };
  const output: CellOutput = {
    ...noOutput,
    stream: (_, text) => {
      seen.text += text;
    },
    display(data, _metadata, id) {
      if (id === undefined) seen.displays.push(data["text/plain"]);
      else seen.notes.set(id, String(data["text/plain"]));
    },
    updateDisplay: (id, data) => void seen.notes.set(id, String(data["text/plain"])),
  };
  const limited = new LimitedOutput(output, { ...defaultSettings(), output_limit: limit }, 7);
  const note = () => [...seen.notes.values()].join("\n");
  const file = () => /\S*-cell-7\.txt/.exec(note())?.[0] ?? "";
  return { limited, seen, note, file };
}

test("what fits is passed on as it is, without a note or a file", async () => {
  const { limited, seen, note } = limitedTo(10);
  limited.stream("stdout", "12345\n");
  limited.stream("stderr", "12345678\n");
  limited.stream("stdout", "678\n");
  await limited.finish();
  expect(seen.text).toBe("12345\n12345678\n678\n");
  expect(note()).toBe("");
});

test("past the limit whole lines are shown, the rest is counted, and a file of the user alone has all", async () => {
  const { limited, seen, note, file } = limitedTo(10);
  limited.stream("stdout", "123\n");
  limited.stream("stdout", "456\n789\n");
  expect(seen.text).toBe("123\n456\n");
  expect(note()).toContain("1 lines (0.0 KB)");
  limited.stream("stderr", "oh\n");
  limited.stream("stdout", "x\n".repeat(2000));
  await limited.finish();
  expect(seen.text).toBe("123\n456\noh\n");
  expect(note()).toContain("2,001 lines (4.0 KB)");
  expect(note()).toContain("The cell's whole output is in ");
  expect(readFileSync(file(), "utf8")).toBe(`123\n456\n789\n${"x\n".repeat(2000)}`);
  if (process.platform !== "win32") expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test("a line longer than the limit is cut between characters", async () => {
  const { limited, seen, note, file } = limitedTo(7);
  limited.stream("stdout", "abc😀😀😀");
  await limited.finish();
  expect(seen.text).toBe("abc😀😀");
  expect(note()).toContain("0.0 KB");
  expect(readFileSync(file(), "utf8")).toBe("abc😀😀😀");
});

test("output that goes past the limit after the cell's end is counted too, and the file has what is not shown", async () => {
  const { limited, seen, note, file } = limitedTo(10);
  limited.stream("stdout", "12345678\n");
  await limited.finish();
  limited.stream("stdout", "late\n");
  await limited.finish();
  expect(seen.text).toBe("12345678\n");
  expect(note()).toContain("It is in ");
  expect(readFileSync(file(), "utf8")).toBe("late\n");
});

test("after a clear there is room again, and a new note", async () => {
  const { limited, seen } = limitedTo(4);
  for (let i = 0; i < 2; i++) {
    limited.stream("stdout", `${i}\n`);
    limited.stream("stdout", "too long\n");
    limited.clear(false);
  }
  limited.stream("stdout", "2\n");
  await limited.finish();
  expect(seen.text).toBe("0\n1\n2\n");
  expect(seen.notes.size).toBe(2);
});

test("displays past 5,000 are counted and saved as text", async () => {
  const { limited, seen, note, file } = limitedTo(1e6);
  for (let i = 0; i < 5003; i++) limited.display({ "text/plain": `display ${i}` });
  await limited.finish();
  expect(seen.displays).toHaveLength(5000);
  expect(note()).toContain("among them 3 displays");
  expect(readFileSync(file(), "utf8")).toBe("display 5000\ndisplay 5001\ndisplay 5002\n");
});

test("without a limit everything is shown", async () => {
  const { limited, seen, note } = limitedTo(Number.POSITIVE_INFINITY);
  limited.stream("stdout", "x".repeat(20e6));
  for (let i = 0; i < 6000; i++) limited.display({ "text/plain": `${i}` });
  await limited.finish();
  expect(seen.text).toHaveLength(20e6);
  expect(seen.displays).toHaveLength(6000);
  expect(note()).toBe("");
});

test("where no file can be written the note says what is lost, and why", async () => {
  process.env.TANDEM_CACHE = "/dev/null";
  try {
    const { limited, note } = limitedTo(1);
    limited.stream("stdout", "ab\n");
    await limited.finish();
    expect(note()).toMatch(/It is lost: it could not be written: .*\/dev\/null/);
  } finally {
    process.env.TANDEM_CACHE = cache;
  }
});

describe("files of earlier cells", () => {
  test("go when they are old", async () => {
    const folder = mkdtempSync(join(cache, "old-"));
    const [old, recent] = [join(folder, "old.txt"), join(folder, "recent.txt")];
    for (const path of [old, recent]) writeFileSync(path, "x");
    const fourDaysAgo = Date.now() / 1000 - 4 * 24 * 3600;
    utimesSync(old, fourDaysAgo, fourDaysAgo);
    await removeOld(folder);
    expect([old, recent].map(existsSync)).toEqual([false, true]);
  });
});

describe("updates of one display", () => {
  test("go out at once, then the latest of each interval, and the last one always", async () => {
    const updates: unknown[] = [];
    const output: CellOutput = {
      ...noOutput,
      updateDisplay: (id, data) => void updates.push(`${id}${data.n}`),
    };
    const limited = new LimitedOutput(output, defaultSettings(), 1);
    for (let n = 0; n < 1000; n++) {
      limited.updateDisplay("a", { n });
      if (n % 500 === 0) limited.updateDisplay("b", { n });
    }
    expect(updates).toEqual(["a0", "b0"]);
    await limited.finish();
    expect(updates).toEqual(["a0", "b0", "a999", "b500"]);
    limited.updateDisplay("a", { n: 1000 });
    limited.updateDisplay("a", { n: 1001 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(updates.slice(4)).toEqual(["a1000", "a1001"]);
  });
});
