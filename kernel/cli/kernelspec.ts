import { existsSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";

/** The default name of the kernelspec, under which notebooks ask for this kernel. */
export const KERNEL_NAME = "tandem";

/** Where Jupyter looks for kernels: below `prefix`, or in the user's own data folder. */
export function kernelsFolder(prefix: string | undefined): string {
  if (prefix !== undefined) return join(prefix, "share", "jupyter", "kernels");
  return join(jupyterData(), "kernels");
}

/** The user's Jupyter data folder, as jupyter_core's `jupyter_data_dir` finds it. */
function jupyterData(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/** The content of kernel.json for a launcher at `launcher`. */
export function kernelJson(launcher: string): Record<string, unknown> {
  return {
    argv: [nodePath(), launcher, "kernel", "{connection_file}"],
    display_name: "Tandem (TypeScript)",
    language: "typescript",
    interrupt_mode: "message",
    // VS Code's Electron is Node only when told so.
    env: process.versions.electron ? { ELECTRON_RUN_AS_NODE: "1" } : {},
    metadata: { tandem: true, debugger: true },
  };
}

/** Whether a kernelspec's folder was written by `tandem install`. */
export function isOurs(folder: string): boolean {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")).metadata?.tandem === true;
  } catch {
    return false;
  }
}

/**
 * The Node that runs now, by the path that a user's update keeps: package managers put a link to the current version on
 * PATH, while `process.execPath` names the version's own folder.
 */
function nodePath(): string {
  const name = basename(process.execPath);
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    if (folder && existsSync(candidate) && realpathSync(candidate) === process.execPath) return candidate;
  }
  return process.execPath;
}

/**
 * The launcher's source: it starts the kernel at `main`, or, when an update has replaced the folder of that VS Code
 * extension, the newest version beside it. Jupyter's kernelspec points at this file, whose path stays.
 */
export function launcherSource(main: string): string {
  return `// Written by \`tandem install\`: finds the Tandem kernel and starts it.
const { existsSync, readdirSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");

const installed = ${JSON.stringify(main)};

function find() {
  if (existsSync(installed)) return installed;
  // An extension's folder is named publisher.name-version: an update stands beside it.
  const folder = dirname(dirname(installed));
  const stem = /^(.+?-)\\d+\\.\\d+\\.\\d+/.exec(basename(folder))?.[1];
  if (!stem || !existsSync(dirname(folder))) return undefined;
  return readdirSync(dirname(folder))
    .filter((name) => name.startsWith(stem))
    .sort(new Intl.Collator("en", { numeric: true }).compare)
    .map((name) => join(dirname(folder), name, "dist", "tandem.cjs"))
    .findLast(existsSync);
}

const kernel = find();
if (kernel) {
  require(kernel);
} else {
  console.error("Tandem is no longer at " + installed + ". Run \`tandem install\` again, or reinstall Tandem.");
  process.exit(1);
}
`;
}
