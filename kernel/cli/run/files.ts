import { existsSync, realpathSync } from "node:fs";
import { glob, isDynamicPattern } from "tinyglobby";
import { fail } from "../../errors.ts";

/**
 * The files that arguments name, in order and each once: a path stands for itself, a pattern for what it matches,
 * which never is in node_modules or in Jupyter's checkpoints. Throws where a pattern matches nothing.
 */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    if (existsSync(pattern) || !isDynamicPattern(pattern)) {
      files.push(pattern);
      continue;
    }
    const found = await glob(process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern, {
      ignore: ["**/node_modules/**", "**/.ipynb_checkpoints/**"],
      expandDirectories: false,
    });
    if (found.length === 0) throw fail("noMatch", pattern);
    files.push(...found.sort(new Intl.Collator("en", { numeric: true }).compare));
  }
  const seen = new Set<string>();
  return files.filter((file) => {
    const real = existsSync(file) ? realpathSync(file) : file;
    return !seen.has(real) && seen.add(real);
  });
}
