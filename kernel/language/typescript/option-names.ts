import type { TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { readHead } from "../../cells/magic-line.ts";
import { fail } from "../../errors.ts";
import { parallel } from "../../parallel/magic.ts";
import { pythonMagic } from "../../python/magic.ts";
import { namesInOption } from "../option-names.ts";
import { refuse } from "../refuse.ts";
import type { OpenTypes } from "./open-types.ts";

/**
 * What a new name for one that cell `key` declares changes in options of magic lines: `--share`. A name that `--in` gives to Python is refused, since
 * it is Python's as well.
 */
export function optionEdits(open: OpenTypes, key: string, name: string, newName: string): WorkspaceEdit {
  const users = new Set(open.types.users(key, name).map((one) => one.key));
  const changes: Record<string, TextEdit[]> = {};
  let declaring: string | undefined;
  for (const { cell } of open.views) {
    const magic = readHead(cell.text)?.name;
    const taken = magic === pythonMagic.name ? namesInOption(cell.text, "in", name) : [];
    if (taken.length > 0 && declaring === key) refuse(fail("renameOption", name, cell.index + 1, "--in"));
    const shared =
      magic === parallel.name && users.has(cell.uri) ? namesInOption(cell.text, "share", name) : [];
    if (shared.length > 0) changes[cell.uri] = shared.map((range) => ({ range, newText: newName }));
    if (open.types.declarations(cell.uri).some((one) => one.name === name)) declaring = cell.uri;
  }
  return { changes };
}
