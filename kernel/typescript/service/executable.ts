import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(__filename);

/** The folder of an installed package, looked for from `from`, a path in some folder, upwards. */
function packageFolder(name: string, from: NodeJS.Require = require): string | undefined {
  try {
    return dirname(from.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * The compiler's program for this platform; nothing where there is none. `workspace`: a folder whose own TypeScript is used if
 * it has one that is such a program, which it is from version 7 on.
 */
export function compilerPath(workspace?: string): string | undefined {
  const name = `@typescript/typescript-${process.platform}-${process.arch}`;
  const own = workspace && packageFolder("typescript", createRequire(join(workspace, "notebook.ts")));
  const folders = [own && packageFolder(name, createRequire(join(own, "package.json"))), packageFolder(name)];
  return folders
    .map((folder) => folder && join(folder, "lib", process.platform === "win32" ? "tsc.exe" : "tsc"))
    .find((file) => file !== undefined && file !== "" && existsSync(file));
}

/** The declarations of Node's modules: the notebook's folder's own, else the ones that come with us. */
export function nodeTypesPath(folder: string): string | undefined {
  const own = packageFolder("@types/node", createRequire(join(folder, "notebook.ts")));
  const found = own ?? packageFolder("@types/node");
  return found && join(found, "index.d.ts");
}
