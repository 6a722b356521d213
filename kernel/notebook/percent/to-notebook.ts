import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { JsonEditor } from "../json-edit.ts";
import { type Place, valueAt } from "../json-text.ts";
import { cellListPlace, cellPlaces, type Notebook, type NotebookCell } from "../notebook.ts";
import type { PercentCell, PercentNotebook } from "./format.ts";

/** The kernel of a notebook whose file says nothing of one. */
const OWN_METADATA = {
  kernelspec: { display_name: "Tandem (TypeScript)", language: "typescript", name: "tandem" },
};

/** A new notebook's text, as Jupyter would write it. */
export function newNotebook({ cells, metadata, minor }: PercentNotebook): string {
  const notebook = {
    cells: cells.map((cell) => cellJson(cell, minor)),
    metadata: Object.keys(metadata).length > 0 ? metadata : OWN_METADATA,
    nbformat: 4,
    nbformat_minor: minor,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/**
 * A notebook's text brought up to date: cells that are as they were keep their bytes and outputs; of those whose source
 * is another the outputs are dropped. Cells are recognised by their id, else by their source.
 */
export function updatedNotebook(notebook: Notebook, wanted: PercentNotebook): string {
  const { text, cells } = notebook;
  const places = cellPlaces(text);
  const [first] = places;
  const last = places.at(-1);
  const editor = new JsonEditor(text);
  const root = valueAt(text, text.startsWith("\uFEFF") ? 1 : 0);
  if (Object.keys(wanted.metadata).length > 0) editor.set(root, "metadata", wanted.metadata);
  const listPlace = cellListPlace(text);
  if (!first || !last || wanted.cells.length === 0) {
    editor.set(
      root,
      "cells",
      wanted.cells.map((cell) => cellJson(cell, notebook.minor)),
    );
    return editor.result();
  }
  const separator = editor.separator(first.start);
  const matches = match(cells, wanted.cells);
  let list = "";
  let before: number | undefined;
  for (const [i, cell] of wanted.cells.entries()) {
    const old = matches[i];
    const place = old && places[old.index];
    // Where two cells followed each other already, so does what stood between them.
    const neighbour = before === undefined ? undefined : places[before];
    const follows = place && neighbour && old.index === (before ?? -2) + 1;
    if (i > 0) list += follows ? text.slice(neighbour.end, place.start) : separator;
    if (place) update(editor, place, old, cell);
    list += place ? editor.result(place) : editor.written(cellJson(cell, notebook.minor), first.start);
    before = old?.index;
  }
  const head = editor.result({ start: 0, end: listPlace.start }) + text.slice(listPlace.start, first.start);
  return (
    head +
    list +
    text.slice(last.end, listPlace.end) +
    editor.result({ start: listPlace.end, end: text.length })
  );
}

/** For each wanted cell the old one that it was, by id first. */
function match(old: readonly NotebookCell[], wanted: readonly PercentCell[]): (NotebookCell | undefined)[] {
  const free = new Set(old);
  const take = (found: NotebookCell | undefined) => {
    if (found) free.delete(found);
    return found;
  };
  const byId = wanted.map(({ id, type }) =>
    id === undefined
      ? undefined
      : take(old.find((one) => one.id === id && one.type === type && free.has(one))),
  );
  return wanted.map(
    ({ source, type }, i) =>
      byId[i] ?? take([...free].find((one) => one.source === source && one.type === type)),
  );
}

/** Changes in a cell's text what is another now. */
function update(editor: JsonEditor, place: Place, old: NotebookCell, cell: PercentCell): void {
  if (!isDeepStrictEqual(old.metadata, cell.metadata)) editor.set(place, "metadata", cell.metadata);
  if (old.source !== cell.source) {
    editor.set(place, "source", lines(cell.source));
    if (cell.type === "code") {
      editor.set(place, "execution_count", null);
      editor.set(place, "outputs", []);
    }
  }
  if (cell.attachments) editor.set(place, "attachments", cell.attachments);
}

function cellJson({ type, id, metadata, attachments, source }: PercentCell, minor: number): object {
  const isCode = type === "code";
  return {
    ...(attachments && { attachments }),
    cell_type: type,
    ...(isCode && { execution_count: null }),
    // Older notebooks have no ids and must not have any.
    ...(minor >= 5 && { id: id ?? randomBytes(4).toString("hex") }),
    metadata,
    ...(isCode && { outputs: [] }),
    source: lines(source),
  };
}

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
