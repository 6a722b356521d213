import { defineConfig } from "vitest/config";

const inCI = process.env.CI === "true";

export default defineConfig({
  test: {
    include: ["kernel/**/*.test.ts", "extension/**/*.test.ts", "test/faults/**/*.test.ts"],
    globalSetup: "test/build-engine.ts",
    // Units that start an engine or a compiler share two cores with others: generous limits, more so in CI, where other suites
    // run meanwhile. There a failed test is run once more; what then passes is still listed as a retry.
    retry: inCI ? 1 : 0,
    testTimeout: inCI ? 180_000 : 60_000,
    hookTimeout: inCI ? 180_000 : 60_000,
    pool: "forks",
    poolOptions: { forks: { maxForks: 2 } },
  },
});
