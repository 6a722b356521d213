import { afterEach, expect, it, vi } from "vitest";
import { Progress } from "./progress.ts";
import type { CellResult } from "./result.ts";

const cell: CellResult = {
  number: 2,
  index: 1,
  id: undefined,
  source: "\n  first line that is rather long\nsecond",
  status: "ok",
  seconds: 0.125,
};

/** A terminal, or a pipe, that keeps what is written. */
function stream(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, isTTY, columns: 20, write: (text: string | Uint8Array) => texts.push(String(text)) > 0 };
}

afterEach(() => vi.unstubAllEnvs());

it("has one live line on a terminal, no longer than it is wide, and takes it back", () => {
  const out = stream(true);
  const progress = new Progress(out);
  progress.start(cell, 3);
  progress.end(cell, 3);
  expect(out.texts).toEqual([
    "\r\x1b[K[2/3] … first line ",
    "\r\x1b[K",
    "[2/3] ok 0.13 s  first line that is rather long\n",
  ]);
});

it("has plain lines in a pipe", () => {
  const out = stream(false);
  const progress = new Progress(out);
  progress.start(cell, 3);
  progress.end({ ...cell, status: "failed", error: { name: "E", message: "m", traceback: ["E: m"] } }, 3);
  expect(out.texts.join("")).toBe(
    "[2/3] failed 0.13 s  first line that is rather long\n\nCell 2 failed:\nE: m\n\n",
  );
});

it("lets no text of a notebook be a command of GitHub's runner", () => {
  vi.stubEnv("GITHUB_ACTIONS", "true");
  const out = stream(false);
  new Progress(out).say("a\n::error::b\n  ::set-output::c\nx ##[group]d");
  expect(out.texts.join("")).toBe("a\n| ::error::b\n|   ::set-output::c\nx | ##[group]d\n");
});
