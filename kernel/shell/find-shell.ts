import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { fail } from "../errors.ts";

/** A shell and how it is given a text to run. */
export interface Shell {
  readonly file: string;
  args(text: string): readonly string[];
}

const windows = process.platform === "win32";

/** The shell asked for, by path or name; without one `sh`, PowerShell on Windows. Throws the catalogue's `shellMissing`. */
export function findShell(asked: string | undefined, env: NodeJS.ProcessEnv): Shell {
  const name = asked ?? (windows ? "powershell" : "/bin/sh");
  const file = findProgram(name, env);
  if (!file) throw fail("shellMissing", name);
  if (/^(?:powershell|pwsh)(?:\.exe)?$/i.test(baseName(file))) {
    // By itself PowerShell ends with 0 or 1, whatever the last program ended with.
    const args = (text: string) => [
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      `${text}\nexit $LASTEXITCODE`,
    ];
    return { file, args };
  }
  if (/^cmd(?:\.exe)?$/i.test(baseName(file)))
    return { file, args: (text) => ["/d", "/s", "/c", text.trim()] };
  // The space, since a shell would take a text that begins with a dash for an option.
  return { file, args: (text) => ["-c", ` ${text}`] };
}

/** The file of a program on PATH, or of a path; undefined where there is none that can be run. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const endings = windows && !/\.\w+$/.test(name) ? [".exe", ".cmd", ".bat"] : [""];
  const folders =
    isAbsolute(name) || /[\\/]/.test(name) ? [""] : (env.PATH ?? env.Path ?? "").split(delimiter);
  for (const folder of folders) {
    for (const ending of endings) {
      const file = folder ? join(folder, name + ending) : name + ending;
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const baseName = (file: string) => file.split(/[\\/]/).at(-1) ?? file;
