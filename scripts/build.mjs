// `npm run build`: the native addon, where there is a Rust toolchain, and every bundle.
import { fileURLToPath } from "node:url";
import { elapsed, must, root } from "./process.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { missingRust } from "./setup/rust.mjs";

/**
 * Builds everything into dist/.
 *
 * @returns {Promise<{ missing?: string }>} what was left out, and how to get it
 */
export async function build() {
  await installDependencies();
  const started = Date.now();
  await must(process.execPath, ["esbuild.mjs"], { cwd: root });
  console.log(`bundles built (${elapsed(started)})`);
  const missing = await missingRust();
  if (missing) return { missing };
  const native = Date.now();
  await must("npm", ["run", "--silent", "build:native"], { cwd: root });
  console.log(`native addon built (${elapsed(native)})`);
  return {};
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { missing } = await build();
  if (missing) console.log(missing);
}
