// `npm run bench -- NAME [words]`: runs one suite of benchmarks, a folder beside this file. What it is given besides the name goes to
// the suite.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { root, run } from "../../scripts/process.mjs";
import { pythonEnv } from "../../scripts/setup/python-env.mjs";

const [name = "", ...words] = process.argv.slice(2);
const folder = join(import.meta.dirname, name);
if (!existsSync(join(folder, "main.ts"))) {
  const suites = readdirSync(import.meta.dirname).filter((one) =>
    existsSync(join(import.meta.dirname, one, "main.ts")),
  );
  console.error(`There is no suite ${name || "without a name"}. The suites: ${suites.join(", ")}.`);
  process.exit(2);
}
process.chdir(root);
// The kernel as users have it, and the suite beside it, where it finds the native addon and the Python runner.
const { code } = await run(process.execPath, ["esbuild.mjs"]);
if (code !== 0) process.exit(1);
const outfile = join(root, "dist", `bench-${name}.cjs`);
await esbuild.build({
  entryPoints: [join(folder, "main.ts")],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20.20",
  mainFields: ["module", "main"],
  external: ["zeromq", "amaro", "esbuild", "typescript", "playwright-core", "*.node"],
  define: { "import.meta.dirname": JSON.stringify(folder) },
  outfile,
  logLevel: "error",
});
// The client of the kernels is Python's.
const env = name === "kernel" ? await pythonEnv() : undefined;
if (env && "python" in env) process.env.TANDEM_BENCH_PYTHON = env.python;
process.argv = [process.execPath, outfile, ...words];
await import(`file://${outfile}`);
