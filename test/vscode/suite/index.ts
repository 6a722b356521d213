// What VS Code's extension host runs: Mocha over the suites of this folder, with a report for the one who started it.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

export async function run(): Promise<void> {
  // As the units do (vitest.config.ts): once more in CI, where other suites run meanwhile, and the retry is told.
  const retries = process.env.CI === "true" ? 1 : 0;
  const mocha = new Mocha({ ui: "tdd", timeout: 600_000, reporter: "spec", retries });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  // First: a server that starts anew is told of all notebooks that are open, and each suite opens more.
  await import("./language-server.test.ts");
  await import("./notebooks.test.ts");
  await import("./kernel.test.ts");
  await import("./move-to-rust.test.ts");
  await import("./typescript-cells.test.ts");
  await import("./magic-cells.test.ts");
  await import("./rust-cells.test.ts");
  await import("./python-cells.test.ts");
  const report = { passed: 0, failed: 0, failures: [] as string[], retried: [] as string[], running: "" };
  // After each, so that a suite that hangs has told where.
  const write = () => writeFileSync(process.env.TANDEM_TEST_REPORT ?? "report.json", JSON.stringify(report));
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("test", (test) => {
      report.running = test.fullTitle();
      write();
    });
    runner.on("pass", () => report.passed++);
    runner.on("retry", (test, error: Error) => report.retried.push(`${test.fullTitle()}: ${error.message}`));
    runner.on("fail", (test, error: Error) => {
      report.failed++;
      report.failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
  });
  write();
}
