import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { isAlive } from "./is-alive.ts";

test("one that has ended does not run", () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(spawnSync(process.execPath, ["--version"]).pid)).toBe(false);
});

// The system's first process is root's; to root this tells nothing.
test.skipIf(process.platform === "win32")("another user's runs, too", () => {
  expect(isAlive(1)).toBe(true);
});
