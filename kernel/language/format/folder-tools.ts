import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";

/** The formatters that a folder brings along. Nothing of them is loaded to find them. */
export interface FolderTools {
  readonly prettier?: {
    /** Its main module. */
    readonly entry: string;
    /** A package.json of the folder or above asks for it. */
    readonly isDependency: boolean;
  };
  readonly biome?: {
    /** The folder of its configuration. */
    readonly folder: string;
    readonly program: string;
  };
  /** What is configured and not installed. */
  readonly missing?: { readonly tool: string; readonly install: string };
}

const prettierConfiguration = /^(?:\.prettierrc(?:\..+)?|prettier\.config\.[cm]?[jt]s)$/;
const biomeConfigurations = ["biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"];

/** Looks in a folder and above. */
export function toolsOf(folder: string): FolderTools {
  const folders = withParents(folder);
  const prettier = resolveFrom(folder, "prettier");
  const asksForPrettier = folders.some(hasPrettierInManifest);
  const biomeFolder = folders.find((one) => biomeConfigurations.some((name) => isBiomeOn(join(one, name))));
  const program = biomeFolder === undefined ? undefined : biomeProgram(folder);
  const isPrettierMissing = !prettier && (asksForPrettier || folders.some(hasPrettierConfiguration));
  const missing = isPrettierMissing
    ? { tool: "Prettier", install: "npm install --save-dev prettier" }
    : biomeFolder !== undefined && program === undefined
      ? { tool: "Biome", install: "npm install --save-dev @biomejs/biome" }
      : undefined;
  return {
    ...(prettier !== undefined && { prettier: { entry: prettier, isDependency: asksForPrettier } }),
    ...(biomeFolder !== undefined && program !== undefined && { biome: { folder: biomeFolder, program } }),
    ...(missing && { missing }),
  };
}

function withParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

function hasPrettierInManifest(folder: string): boolean {
  const manifest = readJson(join(folder, "package.json"));
  if (!manifest) return false;
  const lists = [manifest.dependencies, manifest.devDependencies];
  const isListed = lists.some((list) => typeof list === "object" && list !== null && "prettier" in list);
  return "prettier" in manifest || isListed;
}

function hasPrettierConfiguration(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => prettierConfiguration.test(name));
  } catch {
    return false;
  }
}

/** Whether there is a configuration that does not turn the formatter off. */
function isBiomeOn(file: string): boolean {
  const settings = readJson(file);
  if (!settings) return false;
  const javascript = settings.javascript as { formatter?: unknown } | undefined;
  return [settings.formatter, javascript?.formatter].every(
    (one) => (one as { enabled?: unknown } | undefined)?.enabled !== false,
  );
}

/** Biome's own program, not the script that starts it: that one would leave it behind when it is ended. */
function biomeProgram(folder: string): string | undefined {
  const manifest = resolveFrom(folder, "@biomejs/biome/package.json");
  if (manifest === undefined) return undefined;
  const program = process.platform === "win32" ? "biome.exe" : "biome";
  const name = `@biomejs/cli-${process.platform}-${process.arch}`;
  for (const libc of ["", "-musl"]) {
    const found = resolveFrom(dirname(manifest), `${name}${libc}/${program}`);
    if (found !== undefined && existsSync(found)) return found;
  }
  return undefined;
}

function resolveFrom(folder: string, specifier: string): string | undefined {
  try {
    return createRequire(join(folder, "cell.cjs")).resolve(specifier);
  } catch {
    return undefined;
  }
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(readFileSync(file, "utf8"));
    // Of any shape: who uses it looks first.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
