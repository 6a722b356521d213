import { spawn } from "node:child_process";
import { relative } from "node:path";
import { fail } from "../../errors.ts";
import type { FolderTools } from "./folder-tools.ts";
import { FormatterSyntaxError, patience } from "./prettier.ts";

/** What a folder's Biome makes of a text, as of the file `file`; the text as it is where its formatter is off. */
export function formatByBiome(
  text: string,
  file: string,
  { program, folder }: NonNullable<FolderTools["biome"]>,
  limit = patience,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // What stands in no function may return: a cell can be the body of one. Its syntax has been looked at.
    const args = [
      "format",
      "--colors=off",
      "--format-with-errors=true",
      `--stdin-file-path=${relative(folder, file)}`,
    ];
    const child = spawn(program, args, { cwd: folder, windowsHide: true });
    const timer = setTimeout(() => {
      reject(fail("formatterHung", "Biome", limit / 1000));
      child.kill("SIGKILL");
    }, limit);
    let [printed, said] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    child.on("error", (error) => reject(fail("formatterFailed", "Biome", error.message)));
    child.on("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(printed);
      else if (/formatter is currently disabled/.test(said)) resolve(text);
      else if (/^\S+:\d+:\d+ parse /m.test(said)) reject(new FormatterSyntaxError(said.trim()));
      else reject(fail("formatterFailed", "Biome", said.trim().split("\n", 3).join(" ")));
    });
    // It may have ended without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}
