import { access, constants, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve, sep } from "node:path";

/** A way to start a Python, and where it was named. */
export interface PythonCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Told in errors: `--python`, `TANDEM_PYTHON`, `PATH`, … */
  readonly from: string;
}

/** What finding depends on, so that tests can set it. */
export interface Surroundings {
  /** The notebook's folder. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * The Pythons that may be used, best first. One that was asked for, by `--python` or TANDEM_PYTHON, is the only one;
 * else an activated virtual environment, one in the notebook's folder or above it, the editor's choice, then PATH.
 */
export async function findPythons(asked: string | undefined, around: Surroundings): Promise<PythonCommand[]> {
  if (asked) return await named(asked, "--python", around);
  const setting = around.env.TANDEM_PYTHON;
  if (setting) return await named(setting, "TANDEM_PYTHON", around);
  const commands: PythonCommand[] = [];
  for (const name of ["VIRTUAL_ENV", "CONDA_PREFIX"]) {
    const folder = around.env[name];
    const file = folder && (await pythonOf(folder, around.platform));
    if (file) commands.push({ file, args: [], from: name });
  }
  for (const folder of await ownFolders(around.folder)) {
    for (const name of [".venv", "venv"]) {
      const file = await pythonOf(join(folder, name), around.platform);
      if (file) commands.push({ file, args: [], from: join(folder, name) });
    }
  }
  const editor = around.env.TANDEM_EDITOR_PYTHON;
  if (editor) commands.push(...(await named(editor, "the editor's choice", around)));
  for (const { name, args } of onPath(around.platform)) {
    const file = await which(name, around);
    if (file) commands.push({ file, args, from: "PATH" });
  }
  return commands;
}

/** How Python is installed here, as a command. */
export async function installCommand(around: Surroundings): Promise<string> {
  if (around.platform === "win32") return "winget install Python.Python.3.13";
  if (around.platform === "darwin") return "brew install python";
  for (const [tool, command] of installers) if (await which(tool, around)) return command;
  return "your system's package manager, or https://www.python.org/downloads/";
}

const installers = [
  ["apt-get", "sudo apt-get install python3"],
  ["dnf", "sudo dnf install python3"],
  ["pacman", "sudo pacman -S python"],
  ["apk", "sudo apk add python3"],
  ["zypper", "sudo zypper install python3"],
] as const;

function onPath(platform: NodeJS.Platform): { name: string; args: string[] }[] {
  const plain = ["python3", "python"].map((name) => ({ name, args: [] }));
  return platform === "win32" ? [...plain, { name: "py", args: ["-3"] }] : plain;
}

/** A Python by its file, by the folder of a virtual environment, or by a name on PATH. */
async function named(asked: string, from: string, around: Surroundings): Promise<PythonCommand[]> {
  const path = resolve(around.folder, asked.replace(/^~(?=$|[\\/])/, homedir()));
  const inFolder = await pythonOf(path, around.platform);
  if (inFolder) return [{ file: inFolder, args: [], from }];
  if (isAbsolute(asked) || /[\\/]/.test(asked)) {
    return (await isExecutable(path)) ? [{ file: path, args: [], from }] : [];
  }
  const file = await which(asked, around);
  return file ? [{ file, args: [], from }] : [];
}

/** The interpreter of a virtual environment or an installation's folder. */
async function pythonOf(folder: string, platform: NodeJS.Platform): Promise<string | undefined> {
  const places =
    platform === "win32" ? [join("Scripts", "python.exe"), "python.exe"] : [join("bin", "python")];
  for (const place of places) if (await isExecutable(join(folder, place))) return join(folder, place);
  return undefined;
}

/** A folder and those above it that belong to the same user: what others put higher up is not trusted. */
async function ownFolders(start: string): Promise<string[]> {
  const user = process.getuid?.();
  const folders = [];
  for (let folder = start; ; folder = dirname(folder)) {
    const owner = (await stat(folder).catch(() => undefined))?.uid;
    if (owner === undefined || (user !== undefined && owner !== user)) break;
    folders.push(folder);
    if (folder === dirname(folder)) break;
  }
  return folders;
}

/** The first file of this name on PATH. */
export async function which(name: string, { env, platform }: Surroundings): Promise<string | undefined> {
  const endings = platform === "win32" ? [".exe", ".bat", ".cmd", ""] : [""];
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter)) {
    // The Store's stub opens the Store instead of running Python.
    if (!folder || /[\\/]Microsoft[\\/]WindowsApps/i.test(folder + sep)) continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
