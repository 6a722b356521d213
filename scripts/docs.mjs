// Writes the pages of docs/ that are made from the code: docs/magics.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as esbuild from "esbuild";

const root = join(import.meta.dirname, "..");
// In the project, so that what is not bundled is found in its node_modules.
const folder = mkdtempSync(join(root, "dist", "docs-"));
try {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { page: "kernel/cells/magics-page.ts" },
    bundle: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    external: ["zeromq", "amaro", "esbuild", "typescript", "*.node"],
    outExtension: { ".js": ".cjs" },
    outdir: folder,
  });
  const { magicsPage } = createRequire(import.meta.url)(join(folder, "page.cjs"));
  writeFileSync(join(root, "docs", "magics.md"), magicsPage());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
