import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["kernel/**/*.test.ts", "extension/**/*.test.ts", "test/faults/**/*.test.ts"],
    globalSetup: "test/build-engine.ts",
    // Units that start an engine or a compiler share two cores with others: generous limits. In CI, where other suites run
    // meanwhile, a failed test is run once more; what then passes is still listed as a retry.
    retry: process.env.CI === "true" ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    poolOptions: { forks: { maxForks: 2 } },
  },
});
