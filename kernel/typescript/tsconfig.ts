import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "jsonc-parser";

/** The options of a folder's tsconfig.json, `extends` followed, that change what runs. */
export interface RunOptions {
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly useDefineForClassFields?: boolean;
  /** Absolute. */
  readonly baseUrl?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  /** The folder that `paths` are relative to. */
  readonly pathsFrom?: string;
}

/** The options of the nearest tsconfig.json, in the folder or above; none where there is none or it cannot be read. */
export function runOptions(folder: string): RunOptions {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "tsconfig.json");
    if (existsSync(file)) return read(file, new Set());
    if (dirname(at) === at) return {};
  }
}

function read(file: string, seen: Set<string>): RunOptions {
  if (seen.has(file)) return {};
  seen.add(file);
  const own = json(file);
  const bases = ([] as unknown[]).concat(own.extends ?? []).filter((one) => typeof one === "string");
  const inherited = bases.map((base) => {
    const found = baseFile(base, file);
    return found === undefined ? {} : read(found, seen);
  });
  const folder = dirname(file);
  const options = isObject(own.compilerOptions) ? own.compilerOptions : {};
  const located = {
    ...(typeof options.baseUrl === "string" && { baseUrl: resolve(folder, options.baseUrl) }),
    ...(isObject(options.paths) && {
      pathsFrom: typeof options.baseUrl === "string" ? resolve(folder, options.baseUrl) : folder,
    }),
  };
  // Wrong types of values are the type checker's to tell.
  return Object.assign({}, ...inherited, options, located) as RunOptions;
}

function baseFile(base: string, from: string): string | undefined {
  const candidates = /^\.{1,2}\//.test(base) || isAbsolute(base) ? [resolve(dirname(from), base)] : [];
  for (const file of candidates.flatMap((one) => [one, `${one}.json`, join(one, "tsconfig.json")]))
    if (file.endsWith(".json") && existsSync(file)) return file;
  const require = createRequire(from);
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      return require.resolve(name);
    } catch {
      // The next way to write it.
    }
  }
  return undefined;
}

function json(file: string): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(file, "utf8"), [], { allowTrailingComma: true });
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Names that a tsconfig.json's `paths` and `baseUrl` turn into files. */
export interface TsconfigPaths {
  matches(specifier: string): boolean;
  /** Absolute paths, without regard to whether there is a file; the best first. */
  candidates(specifier: string): string[];
}

/** The paths of a folder's tsconfig.json, read once. */
export function tsconfigPaths(folder: string): TsconfigPaths {
  let options: RunOptions | undefined;
  const candidates = (specifier: string): string[] => {
    if (/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) return [];
    options ??= runOptions(folder);
    const { paths = {}, pathsFrom = folder, baseUrl } = options;
    const found = [...Object.keys(paths)]
      .sort((a, b) => b.indexOf("*") - a.indexOf("*"))
      .flatMap((pattern) => {
        const part = matched(pattern, specifier);
        if (part === undefined) return [];
        return (paths[pattern] ?? []).map((target) => resolve(pathsFrom, target.replace("*", part)));
      });
    return baseUrl === undefined ? found : [...found, resolve(baseUrl, specifier)];
  };
  return { matches: (specifier) => candidates(specifier).length > 0, candidates };
}

/** What the star of a pattern stands for; empty for a pattern without one. */
function matched(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === specifier ? "" : undefined;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  if (specifier.length < before.length + after.length) return undefined;
  if (!specifier.startsWith(before) || !specifier.endsWith(after)) return undefined;
  return specifier.slice(before.length, specifier.length - after.length);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
