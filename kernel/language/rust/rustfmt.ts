import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TextEdit } from "vscode-languageserver";
import { readHead } from "../../cells/magic-line.ts";
import type { Toolchain } from "../../rust/toolchain.ts";

/** Stands before a `:dep` line, which is no Rust, while the cell is formatted: a comment stays where it is. */
const MASK = "//tandem";

/** What rustfmt said, or that it is not there. */
export type Formatted =
  | { readonly ok: true; readonly edits: TextEdit[] }
  | { readonly ok: false; readonly missing: boolean };

/** The edits by which the toolchain's rustfmt formats a cell below its magic line. `folder`: where its settings are looked for. */
export async function formatCell(
  text: string,
  folder: string,
  { sysroot }: Toolchain,
  signal: AbortSignal,
): Promise<Formatted> {
  const rustfmt = join(sysroot, "bin", process.platform === "win32" ? "rustfmt.exe" : "rustfmt");
  if (!existsSync(rustfmt)) return { ok: false, missing: true };
  const body = readHead(text)?.body ?? "";
  const masked = body.replace(/^(?=:dep[ \t])/gm, MASK);
  const printed = await run(rustfmt, masked, folder, signal);
  if (printed === undefined) return { ok: false, missing: false };
  const formatted = printed.replace(/^[ \t]*\/\/tandem(?=:dep[ \t])/gm, "").trimEnd();
  const edit = replaceLines(text, formatted);
  return { ok: true, edits: edit ? [edit] : [] };
}

/** Replaces, below the first line, the lines that differ: what stays as it is keeps its place in the editor. */
function replaceLines(text: string, body: string): TextEdit | undefined {
  const [, ...before] = text.split("\n");
  const after = body === "" ? [] : body.split("\n");
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  let end = 0;
  while (
    end < before.length - same &&
    end < after.length - same &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  if (same === before.length && same === after.length) return undefined;
  const lines = after.slice(same, after.length - end);
  const last = before.length - end;
  // Up to the end of the line before, so that lines may be added and removed at the end of the cell too.
  const start = { line: same, character: text.split("\n")[same]?.length ?? 0 };
  const stop = { line: last, character: text.split("\n")[last]?.length ?? 0 };
  return { range: { start, end: stop }, newText: lines.map((line) => `\n${line}`).join("") };
}

/** What rustfmt prints for a text; undefined where it is no Rust. */
function run(command: string, text: string, cwd: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const args = ["--emit", "stdout", "--quiet", "--edition", "2021"];
    const child = spawn(command, args, { cwd: existsSync(cwd) ? cwd : undefined, signal, windowsHide: true });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
    child.stderr.resume();
    child.on("error", (error) => (signal.aborted ? resolve(undefined) : reject(error)));
    child.on("close", (code) => resolve(code === 0 ? printed : undefined));
    // It may have ended without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}
