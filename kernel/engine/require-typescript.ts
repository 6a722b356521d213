import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { addModuleMap } from "./module-maps.ts";

/** What Node calls to load a file of an extension. */
type Loader = (
  module: NodeJS.Module & { _compile(code: string, filename: string): void },
  filename: string,
) => void;

/** Makes `require` load TypeScript files, modules or not. */
export function requireTypeScript(require: NodeJS.Require): void {
  const load: Loader = (module, filename) => {
    // Loaded when first needed: it starts a process of its own.
    const { transformSync } = createRequire(__filename)("esbuild") as typeof import("esbuild");
    const { code, map } = transformSync(readFileSync(filename, "utf8"), {
      loader: filename.endsWith("x") ? "tsx" : "ts",
      format: "cjs",
      sourcefile: filename,
      sourcemap: "external",
      sourcesContent: false,
      target: `node${process.versions.node}`,
      logLevel: "silent",
    });
    const { mappings } = JSON.parse(map) as { mappings: string };
    addModuleMap({ name: filename, mappings });
    module._compile(code, filename);
  };
  // Marked as deprecated, and the one way there is in Node 20; ts-node and tsx use it too.
  const extensions = require.extensions as unknown as Record<string, Loader>;
  for (const extension of [".ts", ".cts", ".tsx"]) extensions[extension] = load;
}
