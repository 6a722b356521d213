// A JupyterLab of the tests' own on the loopback address, with settings of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";

/**
 * Starts JupyterLab and waits until it answers.
 *
 * @param {string} python of an environment with jupyterlab
 * @param {string} folder where the notebooks are
 * @param {string} home for its settings and logs
 */
export async function startJupyterLab(python, folder, home) {
  const settings = join(home, "settings");
  /** @type {Record<string, object>} */
  const chosen = {
    // It would ask for news beyond this machine.
    "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
    // All cells are in the page, seen or not.
    "notebook-extension/tracker": { windowingMode: "none" },
  };
  for (const [name, values] of Object.entries(chosen)) {
    const file = join(settings, "@jupyterlab", `${name}.jupyterlab-settings`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
  }
  const token = randomBytes(16).toString("hex");
  const port = await freePort();
  const args = [
    ["-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"],
    ["--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
    [`--ServerApp.root_dir=${folder}`, `--IdentityProvider.token=${token}`],
  ].flat();
  const child = spawn(python, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_DATA_DIR: join(home, "data"),
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: settings,
      JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
      TANDEM_HISTORY: join(home, "history"),
    },
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      log += chunk;
    });
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
  };
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await answers(`${base}/api?token=${token}`)); tries++) {
    if (child.exitCode !== null || tries > 300) {
      await stop();
      throw new Error(`JupyterLab did not start.\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  /** @param {string} name */
  const address = (name) => `${base}/lab/tree/${encodeURIComponent(name)}?reset&token=${token}`;
  return { address, stop, log: () => log };
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** @returns {Promise<number>} a port that was free a moment ago */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
