import { expect, it } from "vitest";
import { Crashes, howEnded } from "./crashes.ts";

const minute = 60_000;

it("a crash is told once, and the fifth in three minutes is the last", () => {
  const crashes = new Crashes();
  expect([0, 1, 2, 3, 4].map((second) => crashes.add(second * 1000))).toEqual([
    "tell",
    "restart",
    "restart",
    "restart",
    "stop",
  ]);
});

it("crashes that lie far apart are told each, and never the last", () => {
  const crashes = new Crashes();
  for (let at = 0; at < 60; at += 4) expect(crashes.add(at * minute)).toBe("tell");
});

it("a start by hand counts anew", () => {
  const crashes = new Crashes();
  for (let second = 0; second < 5; second++) crashes.add(second * 1000);
  crashes.forget();
  expect(crashes.add(6000)).toBe("tell");
});

it("says how a process ended", () => {
  expect(howEnded(null, "SIGKILL")).toBe("signal SIGKILL");
  expect(howEnded(1, null)).toBe("exit code 1");
  expect(howEnded(null, null)).toBe("its connection closed");
});
