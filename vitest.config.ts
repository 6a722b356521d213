import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["kernel/**/*.test.ts", "extension/**/*.test.ts", "test/faults/**/*.test.ts"],
    globalSetup: "test/build-engine.ts",
    // Units that start an engine or a compiler share two cores with others: generous limits, no retries.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    poolOptions: { forks: { maxForks: 2 } },
  },
});
