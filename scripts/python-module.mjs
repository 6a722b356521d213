// `npm run build:python`: the module by which Python has the Rust cells, into dist/. One build serves every CPython from 3.9
// on; with an interpreter as argument it is built for that one alone, which builds without the interpreter lock need.
import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { must, root, run } from "./process.mjs";

/**
 * Builds it.
 *
 * @param {string} [python] the interpreter to build for
 */
async function buildPythonModule(python) {
  const { output: about } = await run("rustc", ["-vV"]);
  const [, host = ""] = /^host: (.*)$/m.exec(about) ?? [];
  // Target and flags are those of the addon's build, which has compiled most of it already.
  const flags = `${process.env.RUSTFLAGS ?? ""} -C link-arg=-s`.trim();
  const args = ["build", "--release", "--target", host, "--package", "tandem-python-module"];
  const messages = await must(
    "cargo",
    [...args, ...(python ? ["--no-default-features"] : []), "--message-format=json-render-diagnostics"],
    {
      cwd: join(root, "native"),
      env: {
        ...process.env,
        RUSTFLAGS: flags,
        ...(python ? { PYO3_PYTHON: python } : { PYO3_NO_PYTHON: "1" }),
      },
    },
  );
  const built = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .find(({ reason, target }) => reason === "compiler-artifact" && target.name === "tandem_rust")
    ?.filenames.find((/** @type {string} */ name) => /\.(so|dylib|dll)$/.test(name));
  if (!built) throw new Error("cargo names no library that it has built.");
  const file = join(root, "dist", `tandem_rust${await suffix(python)}`);
  mkdirSync(join(root, "dist"), { recursive: true });
  // A module that runs is not written over.
  const aside = `${file}.${process.pid}`;
  copyFileSync(built, aside);
  rmSync(file, { force: true });
  renameSync(aside, file);
  console.log(`${basename(file)} built`);
}

/**
 * What Python looks for.
 *
 * @param {string | undefined} python
 */
async function suffix(python) {
  if (!python) return process.platform === "win32" ? ".pyd" : ".abi3.so";
  const text = await must(python, ["-c", "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))"]);
  return text.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPythonModule(process.argv[2]);
