// code-server: the real VS Code workbench and extension host as a web server, from npm packages alone.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { find, must, root } from "../process.mjs";

/** What is installed: a change here makes the next run install anew. */
const versions = { codeServer: "4.139.1", node: "24.21.0" };

/** Programs that its native modules (terminal, log, file watcher) are built with. */
export const buildTools = ["python3", "make", "g++"];

/** @typedef {{ node: string, entry: string }} CodeServer the Node it runs on and the main script of its VS Code server */

/**
 * Installs code-server under `.cache/` unless it is there, about 690 MB. It does not run on every Node, so the Node it
 * wants comes along as an npm package, whose headers also build the native modules.
 *
 * @returns {Promise<CodeServer>}
 */
export async function installCodeServer() {
  const folder = join(root, ".cache", `code-server-${versions.codeServer}`);
  if (!existsSync(folder)) await installInto(folder);
  return {
    node: join(folder, "node_modules", nodePackage(), "bin", "node"),
    entry: join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

/** @param {string} folder */
async function installInto(folder) {
  if (process.platform === "win32")
    throw new Error("code-server does not run on Windows. Install VS Code and put `code` on PATH.");
  const missing = buildTools.filter((tool) => !find(tool));
  if (missing.length > 0) throw new Error(`code-server's native modules need ${missing.join(", ")}.`);

  // Installed aside and renamed, so that a run that was cut short leaves nothing that looks complete.
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, "package.json"), '{ "private": true }\n');
  const log = join(root, "artifacts", "logs", "code-server-install.log");
  const plain = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await must(
    "npm",
    ["install", ...plain, `${nodePackage()}@${versions.node}`, `code-server@${versions.codeServer}`],
    { cwd: partial, log },
  );

  const home = join(partial, "node_modules", nodePackage());
  const workbench = join(partial, "node_modules", "code-server", "lib", "vscode");
  const env = {
    ...process.env,
    PATH: join(home, "bin") + delimiter + process.env.PATH,
    npm_config_nodedir: home,
    // node-pty's install script calls npx, which would ask.
    npm_config_yes: "true",
  };
  /** @param {string[]} args @param {string} [cwd] */
  const npm = (args, cwd = workbench) => must("npm", args, { cwd, env });
  await npm(["install", ...plain, "--omit=dev", "--omit=optional"]);
  await npm(["install", ...plain, "--no-save", "--omit=dev", "--omit=optional", watcherPackage(workbench)]);
  await npm(["install", ...plain, "--omit=dev"], join(workbench, "extensions"));
  await npm(["rebuild", "@vscode/spdlog", "node-pty", "@vscode/native-watchdog"]);
  renameSync(partial, folder);
}

function nodePackage() {
  return `node-${process.platform}-${process.arch}`;
}

/**
 * The prebuilt file watcher for this machine, of the version that VS Code asks for.
 *
 * @param {string} workbench
 */
function watcherPackage(workbench) {
  const wanted = JSON.parse(readFileSync(join(workbench, "package.json"), "utf8"));
  const version = wanted.dependencies["@parcel/watcher"].replace(/[^0-9.]/g, "");
  const libc = process.platform === "linux" ? (isMusl() ? "-musl" : "-glibc") : "";
  return `@parcel/watcher-${process.platform}-${process.arch}${libc}@${version}`;
}

function isMusl() {
  // The report names glibc's version where Node runs on it; its type leaves the header open.
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime === undefined;
}
