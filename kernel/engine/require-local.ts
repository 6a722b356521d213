import { existsSync, statSync } from "node:fs";
import Module, { isBuiltin } from "node:module";
import { extname, sep } from "node:path";
import { sourcesOf } from "./written-as.ts";

type Resolve = (request: string, parent: NodeModule | undefined, ...rest: unknown[]) => string;

/** Lets `require("./x.js")` of the user's own modules find `x.ts`, and `@lib/x` what tsconfig.json's `paths` say. */
export function requireByTypeScriptNames(candidates: (specifier: string) => readonly string[]): void {
  // No part of its documentation, and the one way there is; ts-node and tsconfig-paths use it too.
  const internals = Module as unknown as { _resolveFilename: Resolve };
  const native = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, ...rest) {
    const resolve = (name: string) => native.call(this, name, parent, ...rest);
    const own = parent !== undefined && !isForeign(parent.filename ?? parent.id);
    if (!own || isBuiltin(request)) return resolve(request);
    const written = sourcesOf(extname(request));
    const stem = request.slice(0, request.length - extname(request).length);
    const local = /^\.{0,2}\//.test(request)
      ? written.map((extension) => stem + extension)
      : candidates(request);
    return firstOf([request, ...local], resolve);
  };
}

/** What the first name that leads to a file leads to; throws as the first of them does. */
function firstOf(names: readonly string[], resolve: (name: string) => string): string {
  let failure: unknown;
  for (const name of names) {
    try {
      return resolve(name);
    } catch (error) {
      failure ??= error;
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") break;
    }
  }
  throw failure;
}

/** The user's modules in the cache of `require`, which are loaded again once their files, or what they require, have changed. */
export class RequiredModules {
  readonly #cache: NodeJS.Dict<NodeModule>;
  readonly #before: ReadonlySet<string>;
  readonly #stamps = new Map<string, string>();

  constructor(cache: NodeJS.Dict<NodeModule>) {
    this.#cache = cache;
    // The kernel's own.
    this.#before = new Set(Object.keys(cache));
  }

  /** Forgets what has changed since it was loaded. For before an import of a cell. */
  refresh(): void {
    const changed = [...this.#stamps]
      .filter(([file, stamp]) => stampOf(file) !== stamp)
      .map(([file]) => file);
    // A list is walked with what is added on the way: those that require what has changed.
    for (const file of changed) {
      for (const [user, module] of Object.entries(this.#cache)) {
        if (!changed.includes(user) && module?.children.some((child) => child.filename === file))
          changed.push(user);
      }
      delete this.#cache[file];
      this.#stamps.delete(file);
    }
  }

  /** Takes note of what was loaded. For after an import of a cell. */
  note(): void {
    for (const file of Object.keys(this.#cache)) {
      if (!this.#stamps.has(file) && !this.#before.has(file) && !isForeign(file))
        this.#stamps.set(file, stampOf(file));
    }
  }
}

/** Of a package, or of the kernel. */
const isForeign = (file: string): boolean =>
  file.includes(`${sep}node_modules${sep}`) || file.startsWith(__dirname + sep);

function stampOf(file: string): string {
  if (!existsSync(file)) return "";
  const { size, mtimeMs } = statSync(file);
  return `${size} ${mtimeMs}`;
}
