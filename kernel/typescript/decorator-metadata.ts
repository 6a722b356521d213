import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compilerPath } from "./service/executable.ts";
import type { RunOptions } from "./tsconfig.ts";

/** JavaScript, with JSX if there was some. */
interface Compiled {
  readonly code: string;
  /** A source map as JSON. */
  readonly map: string;
  /** The code with its map in a comment. */
  readonly text: string;
  readonly hasJsx: boolean;
}

/**
 * A text without types, with `design:type` and its like for what is decorated. Only TypeScript's own compiler writes those:
 * a process of about 100 ms. Names of other files and cells are told by what they are at run time. Undefined where the
 * compiler is missing or fails.
 */
export function withDecoratorMetadata(
  source: string,
  extension: "ts" | "tsx",
  { useDefineForClassFields = true }: RunOptions,
): Compiled | undefined {
  const compiler = compilerPath();
  if (compiler === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "tandem-decorators-"));
  try {
    writeFileSync(join(folder, `cell.${extension}`), source);
    const fields = ["--useDefineForClassFields", String(useDefineForClassFields)];
    // Its exit code tells of the types that it was told not to look for.
    spawnSync(compiler, [`cell.${extension}`, ...FLAGS, ...fields], { cwd: folder, timeout: 30_000 });
    const hasJsx = extension === "tsx";
    const text = readFileSync(join(folder, hasJsx ? "cell.jsx" : "cell.js"), "utf8");
    const [comment = "", base64 = ""] = /\n\/\/# sourceMappingURL=data:[^,]*,(\S+)\s*$/.exec(text) ?? [];
    const code = text.slice(0, text.length - comment.length);
    return { code, map: Buffer.from(base64, "base64").toString(), text, hasJsx };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FLAGS = [
  "--ignoreConfig",
  "--noCheck",
  "--noLib",
  "--noResolve",
  "--isolatedModules",
  "--verbatimModuleSyntax",
  "--inlineSourceMap",
  "--experimentalDecorators",
  "--emitDecoratorMetadata",
  ...["--jsx", "preserve"],
  ...["--target", "es2022"],
  ...["--module", "esnext"],
];
