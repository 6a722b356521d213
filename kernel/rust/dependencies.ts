import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { fail } from "../errors.ts";

/** A crate that cells ask for. */
export interface Dependency {
  readonly name: string;
  /** Cargo's requirement; `*` is the newest. */
  readonly version: string;
  readonly features?: readonly string[];
  /** False where the crate's usual features are left out. */
  readonly defaultFeatures?: boolean;
  /** A crate on this machine, absolute. */
  readonly path?: string;
}

const NAME = /^[A-Za-z][\w-]*$/;

/** Reads `rayon`, `rayon=1.10`, `serde = "1"` or `serde = { version = "1", features = ["derive"] }`; paths are of `folder`. */
export function readDependency(text: string, folder: string): Dependency {
  const [, name = "", rest = "*"] = /^\s*([\w-]+)\s*(?:=\s*(.+?))?\s*$/s.exec(text) ?? [];
  if (!NAME.test(name)) throw fail("badDependency", text);
  if (!rest.startsWith("{")) {
    const version = /^"([^"]*)"$/.exec(rest)?.[1] ?? rest;
    if (/["\n{}]/.test(version)) throw fail("badDependency", text);
    return { name, version };
  }
  const table = readInlineTable(rest);
  if (!table) throw fail("badDependency", text);
  if ("git" in table) throw fail("gitDependency", name);
  return checked(name, table, text, folder);
}

function checked(name: string, table: Record<string, unknown>, text: string, folder: string): Dependency {
  const { version, features, path, "default-features": defaults, ...others } = table;
  const wrong =
    Object.keys(others).length > 0 ||
    (version !== undefined && typeof version !== "string") ||
    (path !== undefined && typeof path !== "string") ||
    (defaults !== undefined && typeof defaults !== "boolean") ||
    (features !== undefined &&
      !(Array.isArray(features) && features.every((one) => typeof one === "string")));
  if (wrong) throw fail("badDependency", text);
  return {
    name,
    version: typeof version === "string" ? version : "*",
    ...(Array.isArray(features) && features.length > 0 && { features: features.map(String) }),
    ...(defaults === false && { defaultFeatures: false }),
    ...(typeof path === "string" && { path: isAbsolute(path) ? path : resolve(folder, path) }),
  };
}

/** TOML's inline table of texts, booleans and lists of texts; undefined where it is no such. */
function readInlineTable(text: string): Record<string, unknown> | undefined {
  try {
    const json = text.replace(
      /("(?:[^"\\]|\\.)*")|'([^']*)'|([A-Za-z][\w-]*)\s*=/g,
      (_, quoted, literal, key) =>
        key === undefined ? (quoted ?? JSON.stringify(literal)) : `${JSON.stringify(key)}:`,
    );
    return JSON.parse(json.replaceAll(/,(\s*[\]}])/g, "$1")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The `:dep` lines of a cell, as evcxr has them, and the text with empty lines in their places. */
export function takeDependencyLines(body: string): { text: string; lines: string[] } {
  const lines: string[] = [];
  const text = body.replace(/^:dep[ \t]+(.*)$/gm, (_, line: string) => {
    lines.push(line.trim());
    return "";
  });
  return { text, lines };
}

/** The same crates in one order; what is named twice counts as it is named last. */
export function joined(...lists: (readonly Dependency[])[]): Dependency[] {
  const byName = new Map(lists.flat().map((one) => [one.name, one]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The line of a Cargo.toml. Tokio does nothing without its features. */
export function manifestLine({ name, version, features, defaultFeatures, path }: Dependency): string {
  const chosen = features ?? (name === "tokio" && defaultFeatures !== false ? ["full"] : undefined);
  const fields = [
    ...(path === undefined || version !== "*" ? [`version = ${JSON.stringify(version)}`] : []),
    ...(path === undefined ? [] : [`path = ${JSON.stringify(path)}`]),
    ...(chosen ? [`features = ${JSON.stringify(chosen)}`] : []),
    ...(defaultFeatures === false ? ["default-features = false"] : []),
  ];
  return `${name} = { ${fields.join(", ")} }\n`;
}

/** What the sources of a crate on this machine are now: it is built anew when they change. */
export function sourcesHash(path: string): string {
  const hash = createHash("sha256");
  const walk = (folder: string) => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name === "target" || entry.name.startsWith(".")) continue;
      const file = join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) hash.update(`${file}\0`).update(readFileSync(file));
    }
  };
  try {
    walk(path);
  } catch {
    throw fail("crateFolderMissing", path);
  }
  return hash.digest("hex");
}
