import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";

/** What a tsconfig.json says if it leaves the rest to us. */
const defaults = { strict: true, lib: libraries(process.versions.node), types: [], jsx: "react" };

/** What cells need, whatever the folder's own tsconfig.json says. */
const required = {
  target: "esnext",
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  // Names of earlier cells are made known by global namespaces.
  allowUmdGlobalAccess: true,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  isolatedDeclarations: false,
  erasableSyntaxOnly: false,
  // Cells declare what later cells use, and %%bench labels its sides.
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnusedLabels: true,
  allowUnreachableCode: true,
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  emitDeclarationOnly: false,
};

/**
 * The text of the tsconfig.json that the server sees in the notebook's folder: the folder's own options, or those of the
 * nearest folder above that has some, with what cells need. `files`: the documents and declarations that always belong;
 * `include`: patterns of others that do.
 */
export function configText(
  folder: string,
  files: readonly string[],
  include: readonly string[] = [],
): string {
  const own = readConfig(join(folder, "tsconfig.json"));
  const above = own ? undefined : configAbove(dirname(folder));
  const base = own?.extends ?? above;
  const options = isObject(own?.compilerOptions) ? own.compilerOptions : {};
  return JSON.stringify({
    ...(base === undefined ? {} : { extends: base }),
    // What is inherited by `extends` is not to be overruled by defaults.
    compilerOptions: { ...(base === undefined ? defaults : {}), ...options, ...required },
    files,
    include,
    references: [],
    typeAcquisition: { enable: false },
  });
}

/**
 * Whether the tsconfig.json that counts in a folder asks for types everywhere: it says `strict` or `noImplicitAny`, or
 * extends another that may.
 */
export function asksForTypes(folder: string): boolean {
  const own = readConfig(join(folder, "tsconfig.json"));
  const above = own ? undefined : configAbove(dirname(folder));
  const config = own ?? (above === undefined ? undefined : readConfig(above));
  const options = isObject(config?.compilerOptions) ? config.compilerOptions : {};
  return Boolean(options.noImplicitAny ?? options.strict ?? config?.extends !== undefined);
}

function readConfig(path: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(readFileSync(path, "utf8"), [], { allowTrailingComma: true });
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function configAbove(folder: string): string | undefined {
  const path = join(folder, "tsconfig.json");
  if (existsSync(path)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : configAbove(parent);
}

/** The parts of the language's library that a version of Node has. */
export function libraries(node: string): string[] {
  const major = Number.parseInt(node, 10);
  const everywhere = ["esnext.disposable", "esnext.decorators"];
  if (major >= 24) return ["esnext"];
  if (major >= 22) return ["es2024", "es2025.iterator", "es2025.collection", "esnext.array", ...everywhere];
  return ["es2023", ...everywhere];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
