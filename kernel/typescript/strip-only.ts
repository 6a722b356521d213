import { createRequire } from "node:module";

let amaro: typeof import("amaro") | undefined;

/**
 * Removes TypeScript's types by position: lines and columns stay. Throws where types are not all there is to remove.
 * The library is loaded on first use: its WebAssembly takes longer than the rest of the kernel's start.
 */
export function stripOnly(source: string): string {
  amaro ??= createRequire(__filename)("amaro") as typeof import("amaro");
  return amaro.transformSync(source, { mode: "strip-only" }).code;
}
