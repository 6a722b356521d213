/** Which Node the kernel of a notebook runs on; nothing here knows VS Code. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fail } from "../kernel/errors.ts";

/** The oldest Node that the kernel runs on. */
const oldestNode = "20.20.0";

export interface NodeChoice {
  /** Absolute. */
  readonly path: string;
  readonly version: string;
  /** Where it was found, for the log. */
  readonly source: string;
  /** Environment variables that it needs on top of the usual ones. */
  readonly env: Readonly<Record<string, string>>;
}

export interface NodeSearch {
  /** The notebook's folder, absolute: an .nvmrc is looked for here and above. */
  readonly folder: string;
  /** The setting `tandem.node`, empty where it is not set. */
  readonly setting: string;
  readonly env: NodeJS.ProcessEnv;
  /** The home folder. */
  readonly home: string;
  /** The runtime of the extension host: Electron on the desktop, Node on a server. */
  readonly own: { readonly path: string; readonly version: string };
}

/**
 * The first Node that is new enough: the setting's, the one `.nvmrc` names, Volta's, the first on PATH, and the one
 * that VS Code itself runs on. A setting that does not work is an error rather than passed over. `skipped` says what
 * was passed over and why.
 */
export async function chooseNode(search: NodeSearch): Promise<{ choice: NodeChoice; skipped: string[] }> {
  const skipped: string[] = [];
  if (search.setting) {
    const version = await nodeVersion(search.setting, search);
    if (!version || !isNewEnough(version)) throw fail("nodeSetting", search.setting, version, oldestNode);
    return { choice: { path: search.setting, version, source: "the setting tandem.node", env: {} }, skipped };
  }
  for await (const { path, source } of candidates(search, skipped)) {
    const version = await nodeVersion(path, search);
    if (version && isNewEnough(version)) return { choice: { path, version, source, env: {} }, skipped };
    if (version) skipped.push(`${path} (${source}) is Node ${version}.`);
  }
  const { path, version } = search.own;
  if (!isNewEnough(version)) throw fail("nodeTooOld", version, oldestNode);
  return {
    choice: { path, version, source: "VS Code's own runtime", env: { ELECTRON_RUN_AS_NODE: "1" } },
    skipped,
  };
}

/** `20.9.1` is older than `20.20.0`: the parts are numbers. */
export function isNewEnough(version: string, oldest = oldestNode): boolean {
  const have = version.split(".").map(Number);
  for (const [index, wanted] of oldest.split(".").map(Number).entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

async function* candidates(search: NodeSearch, skipped: string[]) {
  const nvm = await fromNvmrc(search, skipped);
  if (nvm) yield { path: nvm, source: ".nvmrc" };
  // Volta's node is a shim that follows the package.json of the folder it is started in.
  const volta = join(search.env.VOLTA_HOME ?? join(search.home, ".volta"), "bin", executable);
  yield { path: volta, source: "Volta" };
  for (const folder of (search.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    yield { path: join(folder, executable), source: "PATH" };
  }
}

const executable = process.platform === "win32" ? "node.exe" : "node";

/** The newest version that nvm has installed of what the nearest .nvmrc asks for. */
async function fromNvmrc(search: NodeSearch, skipped: string[]): Promise<string | undefined> {
  const wanted = await nearestNvmrc(search.folder);
  if (!wanted) return undefined;
  const versions = join(search.env.NVM_DIR ?? join(search.home, ".nvm"), "versions", "node");
  const installed = await readdir(versions).catch(() => []);
  const matching = installed
    .map((name) => name.replace(/^v/, ""))
    .filter((version) => version === wanted || version.startsWith(`${wanted}.`))
    .sort((a, b) => (isNewEnough(a, b) ? -1 : 1));
  const newest = matching[0];
  if (newest) return join(versions, `v${newest}`, "bin", executable);
  skipped.push(`.nvmrc asks for Node ${wanted}, which is not installed in ${versions}.`);
  return undefined;
}

async function nearestNvmrc(folder: string): Promise<string | undefined> {
  for (let current = folder; ; current = dirname(current)) {
    const text = await readFile(join(current, ".nvmrc"), "utf8").catch(() => undefined);
    if (text !== undefined) return text.trim().replace(/^v/, "");
    if (dirname(current) === current) return undefined;
  }
}

/** What a Node says its version is, started in the notebook's folder; undefined where it does not start. */
function nodeVersion(path: string, search: NodeSearch): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      path,
      ["-p", "process.versions.node"],
      { cwd: search.folder, env: search.env, timeout: 10_000 },
      (error, stdout) => resolve(error ? undefined : stdout.trim()),
    );
  });
}
