import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const exe = process.platform === "win32" ? ".exe" : "";

/**
 * The machine's rust-analyzer: on PATH, where cargo puts programs, in rustup's toolchain, or what the editor's extension
 * brings (`ofEditor`). rustup has a proxy of that name also where the component is missing: one that works tells its version.
 */
export async function findAnalyzer(ofEditor: string | undefined): Promise<string | undefined> {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  for (const command of ["rust-analyzer", join(home, "bin", `rust-analyzer${exe}`)])
    if (await works(command)) return command;
  for (const rustup of ["rustup", join(home, "bin", `rustup${exe}`)]) {
    const path = await said(rustup, ["which", "rust-analyzer"]);
    if (path && (await works(path))) return path;
  }
  return ofEditor !== undefined && (await works(ofEditor)) ? ofEditor : undefined;
}

const works = async (command: string): Promise<boolean> =>
  /^rust-analyzer \S/.test((await said(command, ["--version"])) ?? "");

/** What a command prints; undefined where it is not there or fails. */
async function said(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(command, args, { windowsHide: true })).stdout.trim();
  } catch {
    return undefined;
  }
}
