import { defineConfig } from "vitest/config";

// Beside the units: these need VS Code's own grammars, which come with the code-server that `npm test` installs meanwhile.
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ["*.test.ts"], testTimeout: 60_000, hookTimeout: 600_000 },
});
