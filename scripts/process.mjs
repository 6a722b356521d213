// Running other programs, and finding them. Node's own modules only: this is used before anything is installed.
import { spawn } from "node:child_process";
import { accessSync, constants, createWriteStream, mkdirSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs a program to its end. Its output goes to the terminal (`log: "show"`), to a file (a path), or is only kept.
 * Resolves for every exit code; a program that cannot be started counts as exit code 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} [options]
 * @returns {Promise<{ code: number, output: string }>} both streams as text, in the order in which they arrived
 */
export function run(command, args, { cwd = root, env = process.env, log } = {}) {
  return new Promise((done) => {
    const show = log === "show";
    if (log && !show) mkdirSync(dirname(log), { recursive: true });
    const file = log && !show ? createWriteStream(log) : undefined;
    // npm and code are .cmd files on Windows, which only a shell can start.
    const shell = process.platform === "win32" && !/\.exe$/i.test(command);
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk.toString();
      if (show) process.stdout.write(chunk);
      else file?.write(chunk);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => {
      keep(Buffer.from(`${error.message}\n`));
      file?.end();
      done({ code: 127, output });
    });
    child.on("close", (code) => {
      file?.end();
      done({ code: code ?? 1, output });
    });
  });
}

/**
 * Like `run`, for what has to work: throws with the last lines of the output where it does not.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string }} [options]
 */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const tail = output.trimEnd().split("\n").slice(-40).join("\n");
  throw new Error(`${command} ${args.join(" ")}: exit code ${code}\n${tail}`);
}

/**
 * The path of a program on PATH.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function find(name) {
  const endings = process.platform === "win32" ? [".cmd", ".exe", ".bat"] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here: the next folder.
      }
    }
  }
  return undefined;
}

/**
 * @param {number} since milliseconds, from `Date.now()`
 * @returns {string} "12.3 s"
 */
export function elapsed(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
