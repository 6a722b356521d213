// Installing Debian packages: without asking as root in CI or without a terminal, after asking on a terminal.
import { createInterface } from "node:readline/promises";
import { find, run } from "../process.mjs";

/**
 * Installs Debian packages, saying so and why.
 *
 * @param {readonly string[]} packages
 * @param {string} why what needs them: "the protocol tests need python3-venv"
 * @returns {Promise<string | undefined>} undefined when they are installed, else what the user can do
 */
export function installDebian(packages, why) {
  // One after the other: apt-get lets nobody in beside it, and a terminal asks one question at a time.
  const installed = before.then(() => install(packages, why));
  before = installed.catch(() => {});
  return installed;
}

/** @type {Promise<unknown>} */
let before = Promise.resolve();

/**
 * @param {readonly string[]} packages
 * @param {string} why
 * @returns {Promise<string | undefined>}
 */
async function install(packages, why) {
  if (!find("apt-get")) return `${why}. Install it with this system's package manager.`;
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const isRoot = process.getuid?.() === 0;
  const unattended = process.env.CI === "true" || !process.stdin.isTTY;
  const advice = `${why}. Install it with: ${isRoot ? "" : "sudo "}${command}`;
  if (unattended && !isRoot) return advice;
  if (!unattended && !(await confirm(`${why}. Run \`${isRoot ? "" : "sudo "}${command}\`?`))) return advice;
  console.log(`Installing ${packages.join(", ")}: ${why}.`);
  /** @param {string} line */
  const apt = (line) => {
    const [program = "", ...args] = isRoot ? line.split(" ") : ["sudo", ...line.split(" ")];
    return run(program, args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  };
  // A fresh machine has no package lists.
  await apt("apt-get update");
  const { code, output } = await apt(command);
  if (code === 0) return undefined;
  return `${advice}\napt-get said: ${output.trim().split("\n").at(-1)}`;
}

/** @param {string} question */
async function confirm(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
