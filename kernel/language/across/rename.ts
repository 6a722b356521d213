import type { Position, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { CellRequest, EditedCell } from "../cell-language.ts";
import { refuse } from "../refuse.ts";
import { placeOfShared, rustName } from "../rust/shared-places.ts";
import { requireName } from "../typescript/rename-check.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import type { Languages } from "./across.ts";
import { Edits } from "./edits.ts";
import { requireNoKeyword, requireNoText, requireUndeclared, requireWhole } from "./refusals.ts";
import { renamedUse, usesInPython } from "./rust-in-python.ts";
import { sharedIn } from "./uses.ts";
import { wordAt } from "./words.ts";

/** What is to be called otherwise: what stands at a place of the Rust cell, or names that Rust cells give to TypeScript. */
type Asked = { readonly newName: string } & (
  | { readonly place: Position }
  | { readonly names: readonly SharedName[] }
);

/**
 * Changes a name of Rust cells in all languages: each changes its own uses, and says which names are the same one to it, until none is
 * left. Throws a ResponseError where one cannot follow; undefined where nothing has a name there.
 */
export async function renamedOver(
  { typescript, rust, python }: Languages,
  { notebook, cell, token }: CellRequest,
  asked: Asked,
): Promise<WorkspaceEdit | undefined> {
  const { newName } = asked;
  const edits = new Edits();
  /** Lets Rust change what stands at a place; undefined where nothing has a name there. */
  const inRust = async (owner: EditedCell, position: Position): Promise<boolean> => {
    const name = rustName(newName) ?? refuse(fail("renameToNoName", newName, false));
    const edit = await rust.rename?.({ notebook, cell: owner, token, position }, name);
    if (!edit) return false;
    requireWhole(notebook, edit, owner, position);
    edits.join(edit);
    return true;
  };
  /** The names of Rust cells that are changed where they are declared. */
  const declared = (): SharedName[] => sharedIn(notebook, edits.places);

  if ("place" in asked) {
    if (!(await inRust(cell, asked.place))) return undefined;
    await requireNoKeyword(python.uses, notebook, edits, wordAt(cell, asked.place));
  }
  const waiting = "names" in asked ? [...asked.names] : declared();
  const done = new Set<string>();
  for (let name = waiting.shift(); name; name = waiting.shift()) {
    const { cell: uri, path } = name;
    const owner = notebook.cells.find((one) => one.uri === uri);
    const place = owner && placeOfShared(owner, path);
    if (!place) return refuse(fail("renameElsewhere", path.at(-1) ?? "", (owner?.index ?? 0) + 1));
    const key = keyOf({ cell: uri, path: place.path });
    if (done.has(key)) continue;
    done.add(key);
    requireUndeclared(owner, place, newName);
    requireNoText(typescript.names, notebook, place);
    const inPython = await usesInPython(python.uses, notebook, owner, place);
    if (inPython.doubt) refuse(inPython.doubt);
    for (const use of inPython.uses)
      edits.add(use.cell.uri, [{ range: use.range, newText: renamedUse(use, newName) }]);
    if (place.kind === "namespace") {
      requireNamespace(newName);
      edits.add(uri, [{ range: place.range, newText: newName }]);
    } else if (!declared().some((one) => keyOf(one) === key)) {
      await inRust(owner, place.range.start);
      waiting.push(...declared());
    }
    const renamed = await typescript.names.rename(notebook, name, newName.replace(/^r#/, ""));
    edits.join(renamed.edit);
    waiting.push(...renamed.names);
  }
  return edits.all();
}

const keyOf = ({ cell, path }: SharedName) => JSON.stringify([cell, path]);

/** What `--as` takes. */
function requireNamespace(name: string): void {
  requireName(name);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) refuse(fail("renameToNoName", name, false));
}
