import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail } from "../errors.ts";
import { writeWhole } from "../notebook/file.ts";
import type { Arguments } from "./arguments.ts";
import { badArguments, type Command, EXIT } from "./command.ts";
import { isOurs, KERNEL_NAME, kernelJson, kernelsFolder, launcherSource } from "./kernelspec.ts";

const options: Command["options"] = [
  { long: "user", help: "for this user (the default)" },
  { long: "prefix", value: "FOLDER", help: "below FOLDER, for instance a virtual environment's" },
  { long: "sys-prefix", help: "for the active virtual environment, else for the Python on PATH" },
  { long: "name", value: "NAME", help: `the kernel's name, ${KERNEL_NAME} if not given` },
];

export const install: Command = {
  name: "install",
  summary: "Installs Tandem as a kernel for JupyterLab, nbclient and other Jupyter clients",
  options,
  async run(args) {
    const folder = specFolder("install", args);
    if (existsSync(folder) && !isOurs(folder)) throw fail("notOurKernelspec", folder);
    const launcher = join(folder, "launcher.cjs");
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw fail("cannotWrite", folder, (error as Error).message);
    }
    // Each replaced whole: clients may be starting the kernel.
    await writeWhole(launcher, launcherSource(join(__dirname, "tandem.cjs")));
    await writeWhole(join(folder, "kernel.json"), `${JSON.stringify(kernelJson(launcher), null, 2)}\n`);
    process.stdout.write(`The kernel is installed in ${folder}.\n`);
    return EXIT.ok;
  },
};

export const uninstall: Command = {
  name: "uninstall",
  summary: "Removes what tandem install wrote; takes the same options",
  options,
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
function specFolder(command: "install" | "uninstall", args: Arguments): string {
  const places = ["user", "prefix", "sys-prefix"].filter((place) => args.has(place));
  if (places.length > 1) {
    throw badArguments(command, `${places.map((place) => `--${place}`).join(" and ")} exclude each other.`);
  }
  const name = args.value("name") ?? KERNEL_NAME;
  // Jupyter's own rule for names; it keeps the folder below the kernels' folder, too.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw badArguments(command, `${name} is no name for a kernel: letters, digits, dots, - and _ only.`);
  }
  const prefix = args.has("sys-prefix") ? pythonPrefix() : args.value("prefix");
  return join(kernelsFolder(prefix === undefined ? undefined : resolve(prefix)), name.toLowerCase());
}

/** The folder of the environment whose Jupyter would be started here, as Jupyter's own `--sys-prefix` means it. */
function pythonPrefix(): string {
  const active = process.env.VIRTUAL_ENV || process.env.CONDA_PREFIX;
  if (active) return active;
  for (const python of ["python3", "python"]) {
    try {
      const ask = ["-c", "import sys; print(sys.prefix)"];
      return execFileSync(python, ask, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // The other name may be there.
    }
  }
  throw fail("noPythonPrefix");
}
