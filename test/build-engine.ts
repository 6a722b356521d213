import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Builds the engine's bundles for one test run, into a folder of its own: runs beside each other would overwrite
 * what the other loads. It stands in the project, so that modules are found in its node_modules. And makes a cache of Rust
 * cells for those tests that need none of their own.
 */
export default function setup(): () => void {
  const root = join(import.meta.dirname, "..");
  mkdirSync(join(root, "dist"), { recursive: true });
  const folder = mkdtempSync(join(root, "dist", "test-"));
  const cache = mkdtempSync(join(tmpdir(), "tandem-test-cache-"));
  const remove = () => {
    for (const made of [folder, cache]) rmSync(made, { recursive: true, force: true });
  };
  try {
    execFileSync(process.execPath, ["esbuild.mjs", "--engine", folder], { cwd: root, stdio: "inherit" });
  } catch (error) {
    remove();
    throw error;
  }
  process.env.TANDEM_TEST_BUNDLES = folder;
  process.env.TANDEM_TEST_CACHE = cache;
  return remove;
}
