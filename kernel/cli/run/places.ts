import { mkdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fail } from "../../errors.ts";
import { Destination } from "../../notebook/destination.ts";

/**
 * Where each notebook's results go: `out` is a file for one notebook, else a folder in which they stand as below their
 * common folder. `extension`: of the results, if not the notebook's own.
 */
export async function openPlaces(
  files: readonly string[],
  out: string,
  extension?: string,
): Promise<Map<string, Destination>> {
  const single = files.length === 1 && !isFolder(out);
  const common = commonFolder(files);
  const places = new Map<string, Destination>();
  for (const file of files) {
    const place = single ? out : join(out, replaceExtension(relative(common, resolve(file)), extension));
    if (!single) makeFolder(dirname(place));
    places.set(file, await Destination.open(place));
  }
  return places;
}

function isFolder(path: string): boolean {
  return /[/\\]$/.test(path) || (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fail("cannotWrite", folder, (error as Error).message);
  }
}

/** The deepest folder that holds all files. */
function commonFolder(files: readonly string[]): string {
  let common = dirname(resolve(files[0] ?? "."));
  for (const file of files) {
    while (relative(common, resolve(file)).startsWith("..")) common = dirname(common);
  }
  return common;
}

function replaceExtension(file: string, extension: string | undefined): string {
  if (extension === undefined) return file;
  return join(dirname(file), `${basename(file, extname(file))}${extension}`);
}
