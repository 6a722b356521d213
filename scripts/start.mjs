// `npm start`: sets up, builds, and opens the bundled notebooks in a VS Code with the package installed.
import { build } from "./build.mjs";
import { checkNode } from "./setup/dependencies.mjs";

checkNode();
const { missing } = await build();
if (missing) console.log(missing);
// From here on installed packages are used.
const { makePackage } = await import("./package.mjs");
const vsix = await makePackage();
if (process.argv.includes("--headless")) {
  const { runHeadless } = await import("./start/headless.mjs");
  process.exitCode = await runHeadless(vsix);
} else {
  const { openForPerson } = await import("./start/open.mjs");
  await openForPerson(vsix);
}
