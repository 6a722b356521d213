import type { Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { PlaceRequest } from "../cell-language.ts";
import { refuse } from "../refuse.ts";
import { isOurs, originOf } from "./navigation.ts";
import { type Asked, at, type OpenTypes } from "./open-types.ts";
import { optionEdits } from "./option-names.ts";
import { cellEdits, cellRange, showsTypeScript, textIn } from "./places.ts";
import { requireFree, requireName } from "./rename-check.ts";

/** The name at a place that can be changed. */
export async function renameableAt(
  { view, ask }: Asked,
  { position }: PlaceRequest,
): Promise<{ range: Range; placeholder: string } | undefined> {
  if (!showsTypeScript(view, position)) return undefined;
  const answer = await ask<{ range: Range; placeholder: string }>("prepareRename", at(view, position));
  const range = answer && cellRange(view, answer.range);
  return range && { range, placeholder: textIn(view.cell.text, range) };
}

/**
 * Changes a name in all cells. To the compiler it is another name in each cell, brought there by an import that stands below the
 * cell: so it is changed in the cell that declares it and in each that has it from there.
 */
export async function renameAt(
  asked: Asked,
  { position }: PlaceRequest,
  newName: string,
): Promise<WorkspaceEdit | undefined> {
  const { open, view, ask } = asked;
  if (!showsTypeScript(view, position)) return undefined;
  requireName(newName);
  const origin = await originOf(asked, position);
  const edits: WorkspaceEdit[] = [];
  if (!origin) edits.push((await ask<WorkspaceEdit>("rename", { ...at(view, position), newName })) ?? {});
  else {
    const owner = open.viewNow(origin.key);
    if (!owner || !cellRange(owner, origin.declaration.range))
      return refuse(fail("renameElsewhere", origin.name, (owner?.cell.index ?? 0) + 1));
    const places = [
      { key: origin.key, ...origin.declaration.range.start },
      ...open.types.users(origin.key, origin.name),
    ];
    const views = places.flatMap(({ key }) => open.viewNow(key) ?? []);
    requireFree(newName, open.viewNow(open.types.declaring(newName) ?? "")?.cell.index, views);
    for (const { key, line, character } of places) {
      const params = { position: { line, character }, newName };
      edits.push((await open.types.ask<WorkspaceEdit | null>("rename", key, params)) ?? {});
    }
    edits.push(optionEdits(open, origin.key, origin.name, newName));
  }
  requireOurs(edits, open);
  return merged(edits, open);
}

/** Refuses what is declared in no cell and no file: the names that are there without any. */
function requireOurs(edits: readonly WorkspaceEdit[], open: OpenTypes): void {
  const uris = edits.flatMap(({ changes = {} }) => Object.keys(changes));
  if (uris.some((uri) => isOurs(uri) && open.types.cellOf(uri) === undefined)) refuse(fail("renameGiven"));
}

/** Edits of the server's documents as edits of cells; those of real files stay. */
export function merged(edits: readonly WorkspaceEdit[], open: OpenTypes): WorkspaceEdit {
  const changes = new Map<string, Map<string, TextEdit>>();
  const all = edits.flatMap(({ changes = {}, documentChanges = [] }) => [
    ...Object.entries(changes),
    ...documentChanges.flatMap((one) =>
      "textDocument" in one
        ? // Edits of text alone: snippets are not asked for.
          [[one.textDocument.uri, one.edits.filter((edit) => "newText" in edit)] as const]
        : [],
    ),
  ]);
  for (const [uri, given] of all) {
    const key = open.types.cellOf(uri);
    const view = key === undefined ? undefined : open.viewNow(key);
    const own = view ? cellEdits(view, given) : isOurs(uri) ? [] : given;
    const target = changes.get(key ?? uri) ?? new Map<string, TextEdit>();
    for (const edit of own) target.set(JSON.stringify(edit), edit);
    if (target.size > 0) changes.set(key ?? uri, target);
  }
  return { changes: Object.fromEntries([...changes].map(([uri, edits]) => [uri, [...edits.values()]])) };
}
