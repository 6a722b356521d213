// A VS Code server on the loopback address, for people (`npm start`) and for the tests.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { must } from "../process.mjs";

/** What keeps VS Code from talking about itself instead of the notebook. */
const quiet = {
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.autoUpdate": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "update.mode": "none",
  "remote.autoForwardPorts": false,
};

/**
 * @typedef {object} ServerOptions
 * @property {import("../setup/code-server.mjs").CodeServer} codeServer
 * @property {string} home folder for its settings, extensions and logs
 * @property {Record<string, unknown>} [settings] user settings beside the quiet ones
 * @property {boolean} [underTest] the folders it opens are trusted, and a test driver may attach
 * @property {boolean} [trust] folders are not trusted until somebody says so, also under test
 * @property {NodeJS.ProcessEnv} [env] variables of the server and so of its extensions, beside this process's
 * @property {number} [port] a free one where it is left out
 */

/** @typedef {{ home: string, port: number, token: string, address: string, stop(): Promise<void> }} Server */

/**
 * Installs an extension package into an empty extensions folder below `home`.
 *
 * @param {ServerOptions} options
 * @param {string} vsix absolute path
 */
export async function installExtension({ codeServer, home }, vsix) {
  await must(codeServer.node, [...commandLine(codeServer, home), "--install-extension", vsix, "--force"]);
}

/**
 * Starts the server and waits until it answers. Only who has the token in the address gets in.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { codeServer, home, settings = {}, underTest = false, trust = !underTest, env = {}, port } = options;
  const user = join(home, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...quiet, ...settings }, null, 2));
  // VS Code's server keeps the settings of the machine it runs on apart from those of the person.
  const machine = join(home, "data", "Machine");
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, "settings.json"), JSON.stringify({ ...quiet, ...settings }, null, 2));

  const chosen = port ?? (await freePort());
  const token = randomBytes(16).toString("hex");
  const args = ["--host", "127.0.0.1", "--port", String(chosen), "--connection-token", token];
  if (!trust) args.push("--disable-workspace-trust");
  if (underTest) args.push("--enable-smoke-test-driver");
  const child = spawn(codeServer.node, [...commandLine(codeServer, home), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    // A group of its own, so that its extension hosts end with it.
    detached: true,
  });
  let log = "";
  child.stdout.on("data", (chunk) => {
    log += chunk;
  });
  child.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended in the meantime.
    }
    await ended;
  };
  for (let tries = 0; !(await answers(chosen)); tries++) {
    if (child.exitCode !== null || tries > 300) {
      await stop();
      throw new Error(`VS Code's server did not start.\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { home, port: chosen, token, address: `http://127.0.0.1:${chosen}/?tkn=${token}`, stop };
}

/**
 * @param {import("../setup/code-server.mjs").CodeServer} codeServer
 * @param {string} home
 */
function commandLine(codeServer, home) {
  return [
    codeServer.entry,
    "--accept-server-license-terms",
    "--telemetry-level=off",
    `--server-data-dir=${home}`,
    `--user-data-dir=${join(home, "data")}`,
    `--extensions-dir=${join(home, "extensions")}`,
  ];
}

/** @param {number} port */
async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/version`)).ok;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
