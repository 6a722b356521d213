// Redis, in which a bundled notebook counts.
import { find } from "../process.mjs";
import { installDebian } from "./debian.mjs";

/**
 * Installs it where it is missing. Without it the notebook says what to install, and the rest of it runs.
 *
 * @returns {Promise<string | undefined>} undefined when it is there, else what the user can do
 */
export async function redis() {
  if (find("redis-server")) return undefined;
  return installDebian(["redis-server"], "notebook 05 counts in a Redis, too");
}
