// Builds every bundle into dist/. `--watch` rebuilds on change; `--engine DIR` builds the kernel alone, into DIR.
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";

/** @type {esbuild.BuildOptions} */
const node = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20.20",
  // ES modules first: the UMD builds of some packages hide their imports from the bundler.
  mainFields: ["module", "main"],
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  sourcemap: "linked",
  // Native modules and wasm are loaded from node_modules, not bundled.
  external: ["vscode", "zeromq", "amaro", "esbuild", "typescript", "*.node"],
  legalComments: "linked",
};

/** @type {esbuild.BuildOptions} */
const browser = {
  bundle: true,
  platform: "browser",
  format: "esm",
  target: "es2022",
  outdir: "dist",
  sourcemap: "linked",
};

const builds = [
  { ...node, entryPoints: { tandem: "kernel/main.ts" } },
  { ...node, entryPoints: { kernel: "kernel/cli/kernel.ts" } },
  // A package of it makes a `require` from its own address.
  {
    ...node,
    entryPoints: { commands: "kernel/cli/commands.ts" },
    define: { "import.meta.url": "__filename" },
  },
  { ...node, entryPoints: { engine: "kernel/engine/main.ts" } },
  { ...node, entryPoints: { interrupter: "kernel/engine/interrupter.ts" } },
  { ...node, entryPoints: { hooks: "kernel/engine/hooks.ts" } },
  { ...node, entryPoints: { parts: "kernel/engine/parts.ts" } },
  { ...node, entryPoints: { worker: "kernel/parallel/worker.ts" } },
  { ...node, entryPoints: { language: "kernel/language/main.ts" } },
  { ...node, entryPoints: { formatter: "kernel/language/format/prettier-process.ts" } },
  { ...node, entryPoints: { isolated: "kernel/rust/isolated/main.ts" } },
  { ...node, entryPoints: { extension: "extension/main.ts" } },
  { ...node, entryPoints: { "language-client": "extension/language-client.ts" } },
  { ...browser, entryPoints: { renderer: "extension/renderer/main.ts" } },
].filter((build) => Object.values(build.entryPoints).every((file) => existsSync(file)));

const engineOnly = process.argv.indexOf("--engine");
const outdir = (engineOnly > 0 && process.argv[engineOnly + 1]) || "dist";

// Python's half of %%python runs as it stands.
cpSync("kernel/python/runner", join(outdir, "runner"), {
  recursive: true,
  filter: (file) => file.endsWith(".py") || /\/(runner|tandem_runner)$/.test(file),
});

if (engineOnly > 0) {
  const needed = builds.filter((build) =>
    [
      "tandem",
      "kernel",
      "commands",
      "engine",
      "interrupter",
      "hooks",
      "parts",
      "worker",
      "isolated",
      "language",
      "formatter",
    ].some((name) => name in build.entryPoints),
  );
  await Promise.all(needed.map((build) => esbuild.build({ ...build, outdir })));
} else if (process.argv.includes("--watch")) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
}
