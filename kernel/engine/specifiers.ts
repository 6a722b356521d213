import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fail, type TandemError } from "../errors.ts";

/** A package as an import names it. */
interface PackageName {
  /** `@scope/name`. */
  readonly name: string;
  /** What is imported: the name and the path in the package. */
  readonly path: string;
  /** What installs it: the name, with the version where one was given. */
  readonly install: string;
}

/**
 * What Node is asked for: `npm:lodash@4/fp` is `lodash/fp`, whose version is what is installed. Throws the catalogue's
 * errors for what only other runtimes import (`jsr:`, `https:`).
 */
export function nodeSpecifier(specifier: string): string {
  if (/^(?:jsr|https?):/.test(specifier)) throw fail("foreignImport", specifier);
  return specifier.startsWith("npm:") ? packageName(specifier).path : specifier;
}

/** The package of an import. */
export function packageName(specifier: string): PackageName {
  const [, scope = "", name = "", version = "", path = ""] =
    /^(?:npm:\/?)?(@[^/@]+\/)?([^/@]+)(@[^/]*)?(\/.*)?$/.exec(specifier) ?? [];
  return { name: scope + name, path: scope + name + path, install: scope + name + version };
}

/** The error to show for an import of `specifier` that failed: with the command that installs the package. */
export function explainMissing(specifier: string, error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return error;
  const asked = packageName(specifier);
  // A package that is there may miss another: that is not what this cell can install by its own name.
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message ?? "")?.[1];
  if (missing !== asked.path && missing !== asked.name) return error;
  return missingPackage(asked, folder);
}

/** The error to show for a file of a kind that is no module. */
export function explainUnknown(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const [, file = path] = /^Unknown file extension ".*" for (.*)/.exec(message ?? "") ?? [];
  const extension = extname(file);
  // `require` takes every file that it does not know for JavaScript.
  const isBinary = extension === ".wasm" && error instanceof SyntaxError;
  if (code !== "ERR_UNKNOWN_FILE_EXTENSION" && !isBinary) return error;
  // As it was written, unless it is another that was imported on the way.
  return fail("noModule", basename(file) === basename(path) ? path : file, extension);
}

function missingPackage({ name, install }: PackageName, folder: string): TandemError {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, ".pnp.cjs");
    if (existsSync(file)) return fail("plugAndPlay", name, file);
    if (dirname(at) === at) return fail("packageMissing", name, folder, install);
  }
}
