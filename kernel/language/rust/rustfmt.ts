import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TextEdit } from "vscode-languageserver";
import { readHead } from "../../cells/magic-line.ts";
import type { Toolchain } from "../../rust/toolchain.ts";
import { editsBetween } from "../format/text-edits.ts";

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
  const [magicLine = ""] = text.split(/\r?\n/, 1);
  const after = formatted === "" ? magicLine : `${magicLine}\n${formatted}`;
  return { ok: true, edits: editsBetween(text, after) };
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
