// `npm run package`: tandem-<platform>-<version>.vsix with the bundles, the native addon and the notebooks inside.
// What goes in is listed here; nothing else does.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { elapsed, must, root } from "./process.mjs";

/** The marketplace's name of this platform. */
const platform = `${process.platform}-${process.arch}`;

/**
 * A folder of the checkout, where it goes in the package, and which of its files go there.
 *
 * @typedef {readonly [from: string, to: string, pattern: RegExp]} Part
 */

const plugin = "typescript-plugin";

/** @type {readonly Part[]} */
const ours = [
  [
    "dist",
    "dist",
    // Every bundle but the benchmarks.
    /^((?!bench-)[a-z-]+\.cjs|renderer\.js|[^/]*\.LEGAL\.txt|[^/]*\.node|tandem_rust\.(abi3\.so|pyd)|runner\/.*\.py)$/,
  ],
  ["bin", "bin", /^tandem\.cjs$/],
  ["extension", "extension", /^(language-configuration\.json|grammars\/.*\.json)$/],
  // Where VS Code's TypeScript service looks for plugins.
  [`extension/${plugin}`, `node_modules/tandem-${plugin}`, /^(package\.json|index\.cjs)$/],
  // Not what a run leaves beside a notebook: checkpoints, Python's bytecode.
  ["notebooks", "notebooks", /^(?!.*(^|\/)(\.|__pycache__))/],
];

const topFiles = ["README.md", "CHANGELOG.md", "LICENSE"];

const legal = "package\\.json|LICEN[CS]E[^/]*|NOTICE[^/]*";

/**
 * Packages that the bundles load at run time and which of their files they need. They go beside the bundles, where Node
 * looks first.
 *
 * @type {readonly (readonly [name: string, pattern: RegExp])[]}
 */
const modules = [
  ["amaro", new RegExp(`^(${legal}|dist/(LICENSE|package\\.json|(index|internal|errors)\\.js))$`)],
  ["esbuild", new RegExp(`^(${legal}|lib/main\\.js)$`)],
  [`@esbuild/${platform}`, new RegExp(`^(${legal}|bin/esbuild|esbuild\\.exe)$`)],
  // The compiler is its platform's package alone; what it says of Node's modules comes with it.
  [`@typescript/typescript-${platform}`, new RegExp(`^(${legal}|lib/.*)$`)],
  ["@types/node", /^(package\.json|LICENSE|.*\.d\.[cm]?ts)$/],
  ["undici-types", /^(package\.json|LICENSE|.*\.d\.[cm]?ts)$/],
  [
    "zeromq",
    new RegExp(
      `^(${legal}|lib/[^/]*\\.js|build/manifest\\.json|build/${process.platform}/${process.arch}/node/[^/]*-Release/addon\\.node)$`,
    ),
  ],
  ["cmake-ts", new RegExp(`^(${legal}|build/loader\\.js)$`)],
];

/** @type {readonly Part[]} */
const parts = [
  ...ours,
  ...modules.map(
    ([name, pattern]) => /** @type {Part} */ ([`node_modules/${name}`, `dist/node_modules/${name}`, pattern]),
  ),
];

/**
 * Makes the package from what is built.
 *
 * @returns {Promise<string>} its path
 */
export async function makePackage() {
  const started = Date.now();
  const stage = join(root, ".cache", "package");
  rmSync(stage, { recursive: true, force: true });
  for (const [from, to, pattern] of parts) {
    const names = filesBelow(join(root, from)).filter((name) => pattern.test(name));
    if (names.length === 0) throw new Error(`${from} has none of the files that belong in the package.`);
    for (const name of names) cpSync(join(root, from, name), join(stage, to, name));
  }
  for (const name of topFiles) if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name));

  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const field of ["private", "scripts", "devDependencies"]) delete manifest[field];
  // The other dependencies are in the bundles or beside them; of the top node_modules vsce takes what is named here.
  manifest.dependencies = { [`tandem-${plugin}`]: "*" };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

  const name = `tandem-${platform}-${manifest.version}.vsix`;
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  // Without a repository's address links stay as they are.
  const options = ["--allow-missing-repository", "--no-rewrite-relative-links"];
  const target = ["package", "--target", platform, ...options, "--out", join(root, name)];
  await must(process.execPath, [vsce, ...target], { cwd: stage });
  console.log(`${name}: ${(statSync(join(root, name)).size / 1e6).toFixed(1)} MB, ${elapsed(started)}`);
  return join(root, name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await makePackage();

/**
 * Every file below a folder, with forward slashes; not those of a test run, which come and go.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (entry.name.startsWith("test-")) return [];
    return filesBelow(join(folder, entry.name)).map((name) => `${entry.name}/${name}`);
  });
}
