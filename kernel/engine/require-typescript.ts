import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { SourceMap } from "../typescript/edits.ts";
import { addModuleMap } from "./module-maps.ts";

/** What Node calls to load a file of an extension. */
type Loader = (
  module: NodeJS.Module & { _compile(code: string, filename: string): void },
  filename: string,
) => void;

/** Tells esbuild where the code comes from, so that its map leads there. */
function mapComment(map: SourceMap | undefined): string {
  if (!map) return "";
  const base64 = Buffer.from(JSON.stringify(map)).toString("base64");
  return `\n//# sourceMappingURL=data:application/json;base64,${base64}`;
}

/** Makes `require` load TypeScript files, modules or not. */
export function requireTypeScript(require: NodeJS.Require): void {
  const load: Loader = (module, filename) => {
    // Loaded when first needed: they cost a process and a parser.
    const bundles = createRequire(__filename);
    const { transformSync } = bundles("esbuild") as typeof import("esbuild");
    const { stripTypes } = bundles("./hooks.cjs") as typeof import("./hooks.ts");
    const stripped = stripTypes(readFileSync(filename, "utf8"), filename, { folder: dirname(filename) });
    const { code, map } = transformSync(stripped.code + mapComment(stripped.map), {
      loader: "js",
      format: "cjs",
      sourcefile: filename,
      sourcemap: "external",
      sourcesContent: false,
      target: `node${process.versions.node}`,
      logLevel: "silent",
    });
    // A source map, as esbuild writes it.
    const { mappings } = JSON.parse(map) as { mappings: string };
    addModuleMap({ name: filename, mappings });
    module._compile(code, filename);
  };
  // Marked as deprecated, and the one way there is in Node 20; ts-node and tsx use it too.
  const extensions = require.extensions as unknown as Record<string, Loader>;
  for (const extension of [".ts", ".cts", ".tsx"]) extensions[extension] = load;
}
