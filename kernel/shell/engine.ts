import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { EnginePart } from "../engine/part.ts";
import { fail } from "../errors.ts";

/** Where the cells' process is, and its environment. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Where `%cd -` goes. */
let previous: string | undefined;

/** The engine's part of commands: they run where TypeScript cells are. */
export const shell: EnginePart = {
  handlers: {
    surroundings: (_: unknown, { folder }): Surroundings => ({ cwd: here(folder), env: { ...process.env } }),

    /** Goes to a folder: `~`, `-` and relative paths as in a shell. Gives its absolute path. */
    cd({ path }: { path: string }, { folder }): string {
      const from = here(folder);
      const asked = path === "-" ? (previous ?? from) : path.replace(/^~(?=$|[\\/])/, homedir());
      try {
        process.chdir(resolve(from, asked));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw fail("cannotEnter", path, code ?? "", from);
      }
      previous = from;
      return process.cwd();
    },

    /** Sets a variable of the environment, or removes it where there is no value. */
    setEnv({ name, value }: { name: string; value: string | undefined }): void {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    },
  },
};

/** The current folder; the notebook's where that one has been removed. */
function here(folder: string): string {
  try {
    const cwd = process.cwd();
    // Node remembers it.
    return existsSync(cwd) ? cwd : folder;
  } catch {
    return folder;
  }
}
