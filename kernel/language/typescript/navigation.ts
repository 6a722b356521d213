import type { DocumentHighlight, Location, LocationLink, Position, Range } from "vscode-languageserver";
import type { Origin } from "../../typescript/service/editor/notebook-types.ts";
import type { PlaceRequest } from "../cell-language.ts";
import { type Asked, at, type OpenTypes } from "./open-types.ts";
import { cellRange, showsTypeScript } from "./places.ts";
import { type CellView, toView } from "./views.ts";

/** Where a name that is generated for a cell of another language stands in that cell. */
export type PlaceOfName = (cell: CellView["cell"], name: string) => Range | undefined;

/** Where what stands at a place is defined, by `definition`, `typeDefinition` or `implementation`. */
export async function definitionsAt(
  asked: Asked,
  method: string,
  { position }: PlaceRequest,
  placeOfName: PlaceOfName,
): Promise<LocationLink[] | undefined> {
  const { view, ask, open } = asked;
  if (!showsTypeScript(view, position)) return undefined;
  const answer = (await ask<(Location | LocationLink)[] | Location>(method, at(view, position))) ?? [];
  const found = (Array.isArray(answer) ? answer : [answer]).map((one) =>
    "targetUri" in one
      ? one
      : { targetUri: one.uri, targetRange: one.range, targetSelectionRange: one.range },
  );
  return found.flatMap((link) => {
    const { originSelectionRange, ...target } = link;
    const origin = originSelectionRange && cellRange(view, originSelectionRange);
    const place = targetInCell(open, target, placeOfName);
    return place ? [{ ...place, ...(origin && { originSelectionRange: origin }) }] : [];
  });
}

function targetInCell(
  open: OpenTypes,
  link: LocationLink,
  placeOfName: PlaceOfName,
): LocationLink | undefined {
  const key = open.types.cellOf(link.targetUri);
  // What stands for nothing on disk nobody can open.
  if (key === undefined) return isOurs(link.targetUri) ? undefined : link;
  const view = open.viewNow(key);
  if (!view) return undefined;
  const selection = cellRange(view, link.targetSelectionRange);
  if (selection) {
    const range = cellRange(view, link.targetRange) ?? selection;
    return { targetUri: key, targetRange: range, targetSelectionRange: selection };
  }
  // Below a cell: a name that it has from another, or what a cell of another language declares.
  const { start } = link.targetSelectionRange;
  const origin = open.types.originAt(key, start);
  const owner = origin && open.viewNow(origin.key);
  if (owner) {
    const range = cellRange(owner, origin.declaration.range);
    if (range) return { targetUri: owner.cell.uri, targetRange: range, targetSelectionRange: range };
    return generatedIn(open, owner, origin.name, placeOfName);
  }
  const name = nameAt(view.text, link.targetSelectionRange);
  return name === undefined ? undefined : generatedIn(open, view, name, placeOfName);
}

/**
 * The place of a generated name: where its own language says that it stands, else the cell's first line. A cell may declare what is
 * written in one above: `py` has the names of all Python cells so far.
 */
function generatedIn(
  open: OpenTypes,
  { cell }: CellView,
  name: string,
  placeOfName: PlaceOfName,
): LocationLink {
  for (const { cell: one } of open.likeAndAbove(cell.uri)) {
    const range = placeOfName(one, name);
    if (range) return { targetUri: one.uri, targetRange: range, targetSelectionRange: range };
  }
  const [first = ""] = cell.text.split("\n", 1);
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: first.length } };
  return { targetUri: cell.uri, targetRange: top, targetSelectionRange: top };
}

function nameAt(text: string, { start, end }: Range): string | undefined {
  if (start.line !== end.line) return undefined;
  return text.split("\n")[start.line]?.slice(start.character, end.character);
}

/** Every use of what stands at a place, in all cells and in the folder's files. */
export async function referencesAt(
  asked: Asked,
  { position }: PlaceRequest,
  includeDeclaration: boolean,
): Promise<Location[] | undefined> {
  const { open, view, ask } = asked;
  if (!showsTypeScript(view, position)) return undefined;
  const context = { includeDeclaration };
  const own = (await ask<Location[]>("references", { ...at(view, position), context })) ?? [];
  const origin = await originOf(asked, position);
  const more: Location[] = [];
  if (origin) {
    const { key, name, declaration } = origin;
    const at = { position: declaration.range.start, context };
    more.push(...((await open.types.ask<Location[] | null>("references", key, at)) ?? []));
    // Those that declare it anew are names of their own to the compiler.
    for (const user of open.types.users(key, name).filter(({ redeclared }) => redeclared)) {
      const position = { line: user.line, character: user.character };
      more.push(
        ...((await open.types.ask<Location[] | null>("references", user.key, { position, context })) ?? []),
      );
    }
  }
  const places = new Map<string, Location>();
  for (const one of [...own, ...more]) {
    const location = locationInCell(open, one);
    if (location) places.set(JSON.stringify(location), location);
  }
  return [...places.values()];
}

/** The declaration at the top level of a cell that a place's name stands for, if it is one of those. */
export async function originOf(
  { open, view, ask }: Asked,
  position: PlaceRequest["position"],
): Promise<Origin | undefined> {
  const here = toView(view, position);
  await open.types.settled;
  // At the declaration itself: what an import or a pattern takes apart is defined elsewhere.
  const own = declarationAt(open, view.cell.uri, ({ start, end }) => contains({ start, end }, here));
  if (own) return own;
  const links = (await ask<(Location | LocationLink)[]>("definition", at(view, position))) ?? [];
  const places = links.map((link) =>
    "targetUri" in link
      ? { uri: link.targetUri, range: link.targetSelectionRange }
      : { uri: link.uri, range: link.range },
  );
  const inCells = places.flatMap(({ uri, range }) => {
    const key = open.types.cellOf(uri);
    return key === undefined ? [] : [{ key, range }];
  });
  for (const { key, range } of inCells) {
    const found =
      open.types.originAt(key, range.start) ??
      declarationAt(open, key, ({ start }) => isSame(start, range.start));
    if (found) return found;
  }
  if (inCells.length > 0) return undefined;
  // What another cell imports from a file is defined in that: the import below this cell stands for the other's.
  const uses = (await ask<DocumentHighlight[]>("documentHighlight", { position: here })) ?? [];
  for (const { range } of uses) {
    const brought = open.types.originAt(view.cell.uri, range.start);
    if (brought) return brought;
  }
  return undefined;
}

function declarationAt(open: OpenTypes, key: string, is: (range: Range) => boolean): Origin | undefined {
  const declaration = open.types.declarations(key).find(({ range }) => is(range));
  return declaration && { name: declaration.name, key, declaration };
}

const isSame = (a: Position, b: Position) => a.line === b.line && a.character === b.character;

/** Whether a place is in a range of one line, or at its end. */
const contains = ({ start, end }: Range, { line, character }: Position) =>
  line === start.line && character >= start.character && character <= end.character;

/** A place of the server's documents as the editor knows it; undefined where the user has nothing there. */
export function locationInCell(open: OpenTypes, { uri, range }: Location): Location | undefined {
  const key = open.types.cellOf(uri);
  if (key === undefined) return isOurs(uri) ? undefined : { uri, range };
  const view = open.viewNow(key);
  const own = view && cellRange(view, range);
  return own && { uri: key, range: own };
}

/** The uses of a name in its own cell. */
export async function highlightsAt(
  { view, ask }: Asked,
  { position }: PlaceRequest,
): Promise<DocumentHighlight[] | undefined> {
  if (!showsTypeScript(view, position)) return undefined;
  const found =
    (await ask<DocumentHighlight[]>("documentHighlight", { position: toView(view, position) })) ?? [];
  return found.flatMap((one) => {
    const range = cellRange(view, one.range);
    return range ? [{ ...one, range }] : [];
  });
}

/** Documents of ours that stand for no cell: what is there without any, and what joins the cells. */
export const isOurs = (uri: string) => /\/\.tandem-[\w-]+(\.d)?\.tsx?$/.test(uri);
