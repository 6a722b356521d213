// Every bundled notebook, opened and run in the browser's VS Code without a screen.
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { executeNotebooks } from "../browser/notebook.mjs";
import { installExtension, startServer } from "../browser/server.mjs";
import { root } from "../process.mjs";
import { prepare } from "../setup/browser.mjs";
import { installCodeServer } from "../setup/code-server.mjs";

/**
 * Leaves the executed notebooks and a picture of each in artifacts/vscode, and prints one line for each.
 *
 * @param {string} vsix the package to install
 * @returns {Promise<number>} the exit code: 0 where every cell of every notebook ran
 */
export async function runHeadless(vsix) {
  const missing = await prepare();
  if (missing) {
    console.error(`The notebooks were not run: ${missing}`);
    return 1;
  }
  const codeServer = await installCodeServer();
  const home = join(root, ".cache", "headless");
  rmSync(home, { recursive: true, force: true });
  // VS Code writes outputs into the files it runs, so it gets copies.
  const folder = join(home, "notebooks");
  cpSync(join(root, "notebooks"), folder, { recursive: true });
  const artifacts = join(root, "artifacts", "vscode");
  mkdirSync(artifacts, { recursive: true });
  /** @param {string} name */
  const pictureOf = (name) => join(artifacts, name.replace(/\.ipynb$/, ".png"));

  const options = { codeServer, home, underTest: true, settings: { "files.autoSave": "off" } };
  await installExtension(options, vsix);
  const server = await startServer(options);
  let failed = 0;
  try {
    const notebooks = bundledNotebooks().map((name) => ({ name, picture: pictureOf(name), whole: true }));
    await executeNotebooks(server, folder, notebooks, (name, problems, time) => {
      cpSync(join(folder, name), join(artifacts, name));
      if (problems.length > 0) failed++;
      const verdict = problems.length > 0 ? `FAILED, ${problems.join("; ")}` : "ok";
      console.log(`${name}: ${verdict} (${time}), ${relative(root, pictureOf(name))}`);
    });
  } finally {
    await server.stop();
  }
  return failed > 0 ? 1 : 0;
}

/** @returns {string[]} file names in their order */
function bundledNotebooks() {
  return readdirSync(join(root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
}
