// The tests that run inside VS Code, as one CommonJS bundle: its extension host loads nothing else.
import { join } from "node:path";
import * as esbuild from "esbuild";
import { root } from "../../scripts/process.mjs";

/** @returns {Promise<string>} the path of the bundle */
export async function buildSuite() {
  const outfile = join(root, ".cache", "vscode-suite", "index.cjs");
  await esbuild.build({
    entryPoints: [join(root, "test", "vscode", "suite", "index.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.20",
    external: ["vscode", "mocha"],
    outfile,
    sourcemap: "inline",
  });
  return outfile;
}
