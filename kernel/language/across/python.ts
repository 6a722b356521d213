import type { Location, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { fail } from "../../errors.ts";
import type { CellRequest, EditedCell, EditedNotebook, PlaceRequest } from "../cell-language.ts";
import { DYNAMIC, isPythonKeyword } from "../python/keywords.ts";
import { type AskUses, cellsBeside, definitionsOf, type NameUses, rangeAt } from "../python/name-uses.ts";
import { optionsOf } from "../python/python-cells.ts";
import { refuse } from "../refuse.ts";
import type { SharedName } from "../typescript/shared-names.ts";
import type { Languages } from "./across.ts";
import { Edits } from "./edits.ts";
import { wordOf } from "./words.ts";

/** A variable of a Python interpreter. */
export interface PythonVariable {
  readonly name: string;
  /** A cell of its interpreter. */
  readonly cell: EditedCell;
}

/** What TypeScript has of a variable: each Python cell declares `py` anew, with what those above it have. */
const asMember = ({ name }: PythonVariable, { uri }: EditedCell): SharedName => ({
  cell: uri,
  path: ["py", name],
});

/**
 * Changes a variable in all cells of its interpreter, since it is one for all of them, and in the cells of TypeScript that use it.
 * Throws a ResponseError where anything else may mean it.
 */
export async function renamedPython(
  { typescript, python }: Languages,
  { notebook, cell: asked, position }: PlaceRequest,
  variable: PythonVariable,
  newName: string,
): Promise<WorkspaceEdit> {
  const { name } = variable;
  if (isPythonKeyword(newName)) refuse(fail("renameToNoName", newName, true));
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(newName)) refuse(fail("renameToNoName", newName, false));
  // Python reads such a name as another spelling of it, under which it may stand elsewhere.
  if (name !== name.normalize("NFKC"))
    refuse(fail("renameInPython", name, variable.cell.index + 1, "unclear"));
  const edits = new Edits();
  const cells = cellsBeside(notebook, variable.cell);
  const taken = cells.find(({ text }) => wordOf(newName).test(text));
  if (taken) refuse(fail("renameTaken", newName, taken.index + 1, "uses"));
  const isDynamic = cells.some(({ text }) => DYNAMIC.test(text));
  for (const cell of cells) {
    const { in: taken = [], out = [] } = optionsOf(cell) ?? {};
    for (const [option, names] of [
      ["--in", taken],
      ["--out", out],
    ] as const)
      if (names.includes(name)) refuse(fail("renameOption", name, cell.index + 1, option));
    if (!wordOf(name).test(cell.text)) continue;
    const uses = await required(python.uses, notebook, cell, name);
    const isHere = ([line, start]: readonly [number, number]) =>
      line === position.line && start <= position.character && position.character <= start + name.length;
    // In a comment, or a text.
    if (cell === asked && !uses.places.some(isHere))
      refuse(fail("renameInPython", name, cell.index + 1, "unclear"));
    if (uses.inner.includes(name)) refuse(fail("renameInPython", name, cell.index + 1, "inner"));
    const bound = uses.imports.some(([, , one]) => one === name);
    if (bound || uses.unclear || (uses.texts && isDynamic))
      refuse(fail("renameInPython", name, cell.index + 1, "unclear"));
    edits.add(
      cell.uri,
      uses.places.map(([line, start]) => ({ range: rangeAt(line, start, name), newText: newName })),
    );
  }
  for (const cell of cells)
    edits.join((await typescript.names.rename(notebook, asMember(variable, cell), newName)).edit);
  requireTyped(typescript.names.cells(notebook), name, (cell) => edits.of(cell.uri));
  return edits.all();
}

/** What Python says of a name in a cell that mentions it; throws where there is none. */
export async function required(
  ask: AskUses,
  notebook: EditedNotebook,
  cell: EditedCell,
  name: string,
): Promise<NameUses> {
  return (await ask(notebook, cell, name)) ?? refuse(fail("renamePythonUnread", name, cell.index + 1));
}

/** Refuses what TypeScript reaches by `py` and the compiler does not know, since a member without a type is any. */
function requireTyped(
  cells: readonly EditedCell[],
  name: string,
  editsOf: (cell: EditedCell) => TextEdit[],
): void {
  const word = name.replaceAll("$", "\\$");
  const py = "(?<![\\p{ID_Continue}$.])py";
  const end = "(?![\\p{ID_Continue}$])";
  const uses = new RegExp(
    [
      `${py}\\s*[!?]?\\.\\s*${word}${end}`,
      `${py}\\s*(?:\\?\\.)?\\[\\s*["'\`]${word}["'\`]`,
      `${py}\\s*\\([^()]*\\)\\s*\\??\\.\\s*${word}${end}`,
      `\\{[^{}]*(?<![\\p{ID_Continue}$])${word}${end}[^{}]*\\}\\s*=\\s*py${end}`,
      `${py}\\s*\\.\\s*(?:eval|exec)\\b[^\\n]*${word}${end}`,
    ].join("|"),
    "u",
  );
  for (const cell of cells)
    for (const [line, whole] of cell.text.split("\n").entries()) {
      const code = whole.replace(/(?:^|\s)\/\/.*$/, "");
      for (const { index, 0: use } of code.matchAll(new RegExp(uses, "gu"))) {
        const isChanged = editsOf(cell).some(
          ({ range: { start } }) =>
            start.line === line && start.character >= index && start.character < index + use.length,
        );
        if (!isChanged) refuse(fail("renameUntyped", name, cell.index + 1));
      }
    }
}

/** Every use of a variable, in Python as far as there is one to say, and in TypeScript. */
export async function pythonReferences(
  { typescript, python }: Languages,
  { notebook }: CellRequest,
  variable: PythonVariable,
  includeDeclaration: boolean,
): Promise<Location[]> {
  const { name } = variable;
  const found: Location[] = [];
  const cells = cellsBeside(notebook, variable.cell);
  const definitions = definitionsOf(cells, name);
  const isDefinition = (one: Location) => definitions.some((other) => isSame(one, other));
  for (const cell of cells) {
    found.push(...(await typescript.names.uses(notebook, asMember(variable, cell))));
    const uses = wordOf(name).test(cell.text) ? await python.uses(notebook, cell, name) : undefined;
    found.push(
      ...(uses?.places ?? []).map(([line, start]) => ({ uri: cell.uri, range: rangeAt(line, start, name) })),
    );
  }
  const others = found.filter((one) => !isDefinition(one));
  return includeDeclaration ? [...definitions, ...others] : others;
}

const isSame = (a: { uri: string; range: Range }, b: { uri: string; range: Range }) =>
  JSON.stringify([a.uri, a.range]) === JSON.stringify([b.uri, b.range]);
