import type { WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { PlaceRequest } from "../cell-language.ts";
import { refuse } from "../refuse.ts";
import { isRust } from "./rust-cells.ts";
import { sharedPlaceAt } from "./shared-places.ts";

/**
 * Changes a name without rust-analyzer, where it is declared and no other place of the notebook's Rust can mean it: what stands
 * nowhere else is used nowhere else. Throws a ResponseError otherwise; undefined where no name is declared.
 */
export function renameAlone(
  { notebook, cell, position }: PlaceRequest,
  newName: string,
  why: string,
): WorkspaceEdit | undefined {
  const place = sharedPlaceAt(cell, position);
  if (!place || position.line === 0) return undefined;
  const { range } = place;
  const lines = cell.text.split("\n");
  const name = (lines[range.start.line] ?? "").slice(range.start.character, range.end.character);
  const word = new RegExp(`(?<![\\p{XID_Continue}])${name.replace(/^r#/, "")}(?![\\p{XID_Continue}])`, "gu");
  for (const { text, index, ...one } of notebook.cells.filter(isRust)) {
    const mentions = [...text.matchAll(word)].length;
    if (mentions > (one.uri === cell.uri ? 1 : 0)) refuse(fail("renameUnread", name, index + 1, why));
  }
  return { changes: { [cell.uri]: [{ range, newText: newName }] } };
}
