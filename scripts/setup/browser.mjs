// What a real VS Code in a headless browser needs: Chromium, build tools for its native modules, code-server.
import { find } from "../process.mjs";
import { buildTools, installCodeServer } from "./code-server.mjs";
import { installDebian } from "./debian.mjs";

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** @returns {string | undefined} the path of a Chromium or Chrome */
export function findChromium() {
  return browsers.map((name) => find(name)).find((path) => path !== undefined);
}

/**
 * Installs what is missing.
 *
 * @returns {Promise<string | undefined>} what could not be installed and how to get it
 */
export async function prepare() {
  /** @type {string[]} */
  const packages = [];
  if (!findChromium()) packages.push("chromium", "fonts-dejavu-core");
  for (const tool of buildTools) if (!find(tool)) packages.push(tool);
  if (packages.length > 0) {
    const advice = await installDebian(packages, "a VS Code in the browser needs these programs");
    if (advice) return advice;
  }
  try {
    await installCodeServer();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
