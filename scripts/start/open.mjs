// The bundled notebooks in a VS Code for a person: their own, else one in the browser.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { installExtension, startServer } from "../browser/server.mjs";
import { find, must, root } from "../process.mjs";
import { installCodeServer } from "../setup/code-server.mjs";

const welcome = "00-welcome.ipynb";

/**
 * Opens copies of the notebooks, which keep what the person does to them from one start to the next.
 *
 * @param {string} vsix the package to install
 */
export async function openForPerson(vsix) {
  const folder = join(root, ".cache", "notebooks");
  cpSync(join(root, "notebooks"), folder, { recursive: true, force: false });
  const code = find("code");
  await (code ? openDesktop(code, vsix, folder) : openBrowser(vsix, folder));
}

/**
 * The person's own VS Code with settings and extensions of its own, so that nothing of theirs changes.
 *
 * @param {string} code
 * @param {string} vsix
 * @param {string} folder
 */
async function openDesktop(code, vsix, folder) {
  const home = join(root, ".cache", "desktop");
  const own = [`--user-data-dir=${join(home, "data")}`, `--extensions-dir=${join(home, "extensions")}`];
  await must(code, [...own, "--install-extension", vsix, "--force"]);
  await must(code, [...own, "--new-window", folder, join(folder, welcome)]);
  console.log(`VS Code opens ${join(folder, welcome)}.`);
}

/**
 * A VS Code on this machine's loopback address, until Ctrl+C.
 *
 * @param {string} vsix
 * @param {string} folder
 */
async function openBrowser(vsix, folder) {
  console.log("There is no `code` on PATH: a VS Code in the browser is set up instead.");
  const codeServer = await installCodeServer();
  const options = { codeServer, home: join(root, ".cache", "browser") };
  await installExtension(options, vsix);
  const server = await startServer(options);
  console.log(`\nOpen  ${server.address}&folder=${encodeURIComponent(folder)}`);
  console.log(`then  ${welcome} from the list of files. Ctrl+C ends it.`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}
