import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { FileChange } from "./server.ts";

/** `import … from "m"`, `export … from "m"`, `import("m")`, `require("m")`: a mistaken find costs a look at the disk. */
const SPECIFIER = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'])([^"'\n]+)\1/g;

const EXTENSIONS = [
  "",
  ".ts",
  ".tsx",
  ".d.ts",
  ".js",
  ".jsx",
  ".json",
  "/index.ts",
  "/index.tsx",
  "/index.js",
];

/** A file that cells import or would import if it were there, as it was when the server was last told. */
interface Watched {
  /** Modification time and size; nothing if it is not there. */
  stamp: string | undefined;
  /** Whether it is one of the folder's own modules, whose imports count as well. */
  readonly local: boolean;
}

/** Keeps an eye on the files that cells import: the folder's own modules and the packages' manifests. */
export class WatchedFiles {
  readonly #folder: string;
  readonly #files = new Map<string, Watched>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds what a cell imports. Returns what changed on disk since the last call, of all files. */
  changesFor(text: string): FileChange[] {
    this.#add(text, this.#folder);
    const changes: FileChange[] = [];
    // Files that are found on the way are visited, too.
    for (const [path, watched] of this.#files) {
      const stamp = stampOf(path);
      if (stamp === watched.stamp) continue;
      const change = stamp === undefined ? "deleted" : watched.stamp === undefined ? "created" : "changed";
      watched.stamp = stamp;
      changes.push({ path, change });
      if (stamp !== undefined && watched.local) this.#add(read(path), dirname(path));
    }
    return changes;
  }

  #add(text: string, folder: string): void {
    for (const [, , specifier = ""] of text.matchAll(SPECIFIER)) {
      if (/^\.{0,2}\//.test(specifier)) {
        for (const path of candidates(resolve(folder, specifier))) this.#watch(path, true);
      } else if (/^(@[\w.-]+\/)?[\w.-]+(\/|$)/.test(specifier)) {
        for (const path of this.#manifests(specifier)) this.#watch(path, false);
      }
    }
  }

  /** Where a package's package.json would be, and that of its types. */
  #manifests(specifier: string): string[] {
    const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "";
    const types = join("@types", name.replace(/^@(.*)\//, "$1__"));
    return foldersUpwards(this.#folder).flatMap((folder) =>
      [name, types].map((found) => join(folder, "node_modules", found, "package.json")),
    );
  }

  #watch(path: string, local: boolean): void {
    // As if it had not been there: what the server has not seen it does not mind hearing of.
    if (!this.#files.has(path)) this.#files.set(path, { stamp: undefined, local });
  }
}

function foldersUpwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpwards(parent)];
}

/** The files that a path in an import may mean; `x.js` may mean `x.ts`. */
function candidates(path: string): string[] {
  const typescript = path.replace(/\.([mc]?)jsx?$/, ".$1ts");
  return [...EXTENSIONS.map((extension) => path + extension), ...(typescript === path ? [] : [typescript])];
}

function stampOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? `${stat.mtimeMs} ${stat.size}` : undefined;
  } catch {
    // What stands for a folder in the path is a file.
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
