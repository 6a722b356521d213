import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { compilerPath } from "./executable.ts";
import { TypeScriptServer } from "./server.ts";

/** The processes below this one, each with its arguments. */
function below(): string[] {
  const lines = execFileSync("ps", ["-e", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const found = new Set([String(process.pid)]);
  // Children come after their parents, but for numbers that begin anew.
  for (let round = 0; round < 4; round++)
    for (const [, pid = "", parent = ""] of all) if (found.has(parent)) found.add(pid);
  return all.flatMap(([, pid = "", , args = ""]) => (found.has(pid) ? [args] : []));
}

test.runIf(process.platform === "linux")("the compiler's server fetches no types by npm", async () => {
  const folder = mkdtempSync(join(tmpdir(), "types-"));
  const file = compilerPath();
  if (!file) throw new Error("The compiler is not installed.");
  // Where what it has fetched before would lie.
  vi.stubEnv("XDG_CACHE_HOME", folder);
  const server = new TypeScriptServer(file, folder);
  try {
    server.set("main.ts", 'import x from "lodash"; x');
    await server.ask("diagnostic", "main.ts");
    // With its own settings it starts npm at once.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(below().filter((args) => /npm.* install /.test(args))).toEqual([]);
  } finally {
    await server.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
});
