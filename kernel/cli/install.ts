import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail } from "../errors.ts";
import { type Command, EXIT, parse } from "./command.ts";
import { isOurs, KERNEL_NAME, kernelJson, kernelsFolder, launcherSource } from "./kernelspec.ts";

const HELP = {
  install: `tandem install [--user | --prefix DIR] [--name NAME]
  Installs Tandem as a kernel for JupyterLab, nbclient and other Jupyter clients.
    --user        for this user (the default)
    --prefix DIR  below DIR, for instance a virtual environment's folder
    --name NAME   the kernel's name, ${KERNEL_NAME} if not given`,
  uninstall: `tandem uninstall [--user | --prefix DIR] [--name NAME]
  Removes what tandem install wrote; takes the same options.`,
};

export const install: Command = {
  name: "install",
  help: HELP.install,
  async run(args) {
    const folder = specFolder("install", args);
    if (existsSync(folder) && !isOurs(folder)) throw fail("notOurKernelspec", folder);
    const launcher = join(folder, "launcher.cjs");
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(launcher, launcherSource(join(__dirname, "tandem.cjs")));
      await writeFile(join(folder, "kernel.json"), `${JSON.stringify(kernelJson(launcher), null, 2)}\n`);
    } catch (error) {
      throw fail("cannotWrite", folder, (error as Error).message);
    }
    process.stdout.write(`The kernel is installed in ${folder}.\n`);
    return EXIT.ok;
  },
};

export const uninstall: Command = {
  name: "uninstall",
  help: HELP.uninstall,
  async run(args) {
    const folder = specFolder("uninstall", args);
    if (!existsSync(folder)) throw fail("noKernelspec", folder);
    if (!isOurs(folder)) throw fail("notOurKernelspec", folder);
    await rm(folder, { recursive: true });
    process.stdout.write(`The kernel was removed from ${folder}.\n`);
    return EXIT.ok;
  },
};

/** The kernelspec's folder that the options name. */
function specFolder(command: "install" | "uninstall", args: string[]): string {
  const { values } = parse(command, {
    args,
    options: { user: { type: "boolean" }, prefix: { type: "string" }, name: { type: "string" } },
  });
  const { user, prefix, name = KERNEL_NAME } = values;
  if (user && prefix !== undefined)
    throw fail("badArguments", command, "--user and --prefix exclude each other.");
  // Jupyter's own rule for names; it keeps the folder below the kernels' folder, too.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw fail(
      "badArguments",
      command,
      `${name} is no name for a kernel: letters, digits, dots, - and _ only.`,
    );
  }
  return join(kernelsFolder(prefix === undefined ? undefined : resolve(prefix)), name.toLowerCase());
}
