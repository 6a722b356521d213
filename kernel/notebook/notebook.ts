import { fail } from "../errors.ts";
import { textOf } from "../wire/fields.ts";
import { joined } from "./fields.ts";
import { JsonEditor } from "./json-edit.ts";
import { itemsOf, memberOf, type Place, valueAt } from "./json-text.ts";
import type { Output } from "./outputs.ts";

/** A cell as it stands in the file; what is not read here stays in the notebook's text. */
export interface NotebookCell {
  /** Position among all cells, from 0. */
  readonly index: number;
  readonly type: string;
  readonly id: string | undefined;
  readonly source: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What the file has as outputs, of any shape. */
  readonly outputs: readonly unknown[];
  readonly executionCount: unknown;
  /** Files of a Markdown cell: by name, each a MIME bundle. */
  readonly attachments: Readonly<Record<string, unknown>> | undefined;
}

/** An .ipynb file (nbformat 4). Its text is kept as it was read; changes are made in it by position. */
export interface Notebook {
  readonly text: string;
  readonly cells: readonly NotebookCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The second half of the format's number: from 4.5 on cells have ids. */
  readonly minor: number;
  /** What the notebook says of its kernel; empty where it says nothing. */
  readonly kernel: { name?: string; language?: string };
}

/** What a run brings into a cell. */
export interface CellRun {
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
}

/** Reads a notebook's text; `file` names it in errors. */
export function parseNotebook(text: string, file: string): Notebook {
  let root: unknown;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw fail("notebookNotJson", file, (error as Error).message);
  }
  const { nbformat, nbformat_minor: minor, cells, metadata } = object(root);
  if (typeof nbformat !== "number") throw fail("notNotebook", file, "It has no nbformat number.");
  if (nbformat !== 4) throw fail("notebookVersion", file, nbformat);
  if (!Array.isArray(cells)) throw fail("notNotebook", file, "It has no list of cells.");
  const { kernelspec, language_info: language } = object(metadata);
  const kernel = { ...optional("name", object(kernelspec).name) };
  return {
    text,
    cells: cells.map((cell, index) => parseCell(object(cell), index, file)),
    metadata: object(metadata),
    minor: typeof minor === "number" ? minor : 0,
    kernel: { ...kernel, ...optional("language", object(kernelspec).language ?? object(language).name) },
  };
}

/** Whether a cell is sent to a kernel: empty ones are not, as in every front end, and by nbclient's tag. */
export function isExecuted(cell: NotebookCell): boolean {
  return cell.type === "code" && cell.source.trim() !== "" && !cell.tags.includes("skip-execution");
}

/**
 * The notebook's text with new outputs and execution counts in some cells (by index). Every byte outside of these values
 * stays, and so do values that come out as they were; new ones are written with the file's own indentation and line ends.
 */
export function withRuns(notebook: Notebook, runs: ReadonlyMap<number, CellRun>): string {
  const { text } = notebook;
  const cells = cellPlaces(text);
  const editor = new JsonEditor(text);
  for (const [index, run] of runs) {
    const cell = cells[index];
    if (!cell) throw new RangeError(`The notebook has no cell ${index}.`);
    editor.set(cell, "execution_count", run.executionCount);
    editor.set(cell, "outputs", run.outputs);
  }
  return editor.result();
}

/** Where a notebook's cells stand in its text. */
export function cellPlaces(text: string): Place[] {
  return itemsOf(text, cellListPlace(text));
}

/** Where the list of cells stands. */
export function cellListPlace(text: string): Place {
  const member = memberOf(text, valueAt(text, text.startsWith("\uFEFF") ? 1 : 0), "cells");
  if (!member) throw new RangeError("The text is no notebook.");
  return member.value;
}

function parseCell(cell: Record<string, unknown>, index: number, file: string): NotebookCell {
  const { cell_type: type, source, metadata, id, outputs, attachments } = cell;
  if (typeof type !== "string" || !(typeof source === "string" || Array.isArray(source))) {
    throw fail("notNotebook", file, `Cell ${index + 1} has no cell_type or no source.`);
  }
  const { tags } = object(metadata);
  return {
    index,
    type,
    id: typeof id === "string" ? id : undefined,
    source: joined(source),
    tags: Array.isArray(tags) ? tags.map(textOf) : [],
    metadata: object(metadata),
    outputs: Array.isArray(outputs) ? outputs : [],
    executionCount: cell.execution_count ?? null,
    attachments: attachments === undefined ? undefined : object(attachments),
  };
}

/** The value as an object with unknown fields; an empty one if it is none. */
export function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function optional<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  // A computed key widens to an index signature; the object has this one key or none.
  return (typeof value === "string" ? { [key]: value } : {}) as { [P in K]?: string };
}
