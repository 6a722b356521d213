import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import { fail } from "../errors.ts";
import type { Output } from "./outputs.ts";

/** A cell as a runner needs it; everything else stays in the notebook's text. */
export interface NotebookCell {
  /** Position among all cells, from 0. */
  readonly index: number;
  readonly type: string;
  readonly source: string;
  readonly tags: readonly string[];
}

/** An .ipynb file (nbformat 4). Its text is kept as it was read; changes are made in it by position. */
export interface Notebook {
  readonly text: string;
  readonly cells: readonly NotebookCell[];
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
  const { nbformat, cells, metadata } = object(root);
  if (typeof nbformat !== "number") throw fail("notNotebook", file, "It has no nbformat number.");
  if (nbformat !== 4) throw fail("notebookVersion", file, nbformat);
  if (!Array.isArray(cells)) throw fail("notNotebook", file, "It has no list of cells.");
  const { kernelspec, language_info: language } = object(metadata);
  const kernel = { ...optional("name", object(kernelspec).name) };
  return {
    text,
    cells: cells.map((cell, index) => parseCell(object(cell), index, file)),
    kernel: { ...kernel, ...optional("language", object(kernelspec).language ?? object(language).name) },
  };
}

/**
 * The notebook's text with new outputs and execution counts in some cells (by index). Every byte outside of these values
 * stays; the values are written with the file's own indentation and line ends.
 */
export function withRuns(notebook: Notebook, runs: ReadonlyMap<number, CellRun>): string {
  const { text } = notebook;
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const root = parseTree(text.slice(start));
  const cells = root && findNodeAtLocation(root, ["cells"]);
  const edits: Edit[] = [];
  for (const [index, run] of runs) {
    const cell = cells?.children?.[index];
    if (!cell) throw new RangeError(`The notebook has no cell ${index}.`);
    edits.push(setProperty(text.slice(start), cell, "execution_count", run.executionCount));
    edits.push(setProperty(text.slice(start), cell, "outputs", run.outputs));
  }
  // From the end, so that positions before stay true; two insertions at one place keep their order.
  edits.reverse();
  edits.sort((a, b) => b.offset - a.offset);
  let result = text;
  for (const { offset, length, content } of edits) {
    result = result.slice(0, start + offset) + content + result.slice(start + offset + length);
  }
  return result;
}

interface Edit {
  offset: number;
  length: number;
  content: string;
}

/** Replaces a property's value in an object's text, or adds the property behind the last one. */
function setProperty(text: string, target: Node, name: string, value: unknown): Edit {
  const properties = target.children ?? [];
  const last = properties.at(-1);
  // Of a key that stands twice, JSON.parse takes the last.
  const node = properties.findLast((property) => property.children?.[0]?.value === name)?.children?.[1];
  const margin = lineMargin(text, (node ?? last ?? target).offset);
  const written = write(value, text, margin);
  if (node) return { offset: node.offset, length: node.length, content: written };
  const content = `${JSON.stringify(name)}: ${written}`;
  if (!last) return { offset: target.offset + 1, length: 0, content };
  const separator = margin === undefined ? ", " : `,${lineEnd(text)}${margin}`;
  return { offset: last.offset + last.length, length: 0, content: separator + content };
}

/** JSON in the style of the text around it: on one line where `margin` is undefined. */
function write(value: unknown, text: string, margin: string | undefined): string {
  if (margin === undefined) return JSON.stringify(value);
  const lines = JSON.stringify(value, null, indentation(text)).split("\n");
  return lines.join(lineEnd(text) + margin);
}

/** The white space before the first thing on an offset's line; undefined if the file stands on one line. */
function lineMargin(text: string, offset: number): string | undefined {
  const line = text.lastIndexOf("\n", offset);
  return line < 0 ? undefined : /^[ \t]*/.exec(text.slice(line + 1, offset))?.[0];
}

/** One level of the file's indentation: what its first member stands behind. */
function indentation(text: string): string {
  return /^\s*\{\r?\n([ \t]*)/.exec(text)?.[1] ?? " ";
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function parseCell(cell: Record<string, unknown>, index: number, file: string): NotebookCell {
  const { cell_type: type, source, metadata } = cell;
  const text = Array.isArray(source) ? source.join("") : source;
  if (typeof type !== "string" || typeof text !== "string") {
    throw fail("notNotebook", file, `Cell ${index + 1} has no cell_type or no source.`);
  }
  const { tags } = object(metadata);
  return { index, type, source: text, tags: Array.isArray(tags) ? tags.map(String) : [] };
}

/** The value as an object with unknown fields; an empty one if it is none. */
function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function optional<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  // A computed key widens to an index signature; the object has this one key or none.
  return (typeof value === "string" ? { [key]: value } : {}) as { [P in K]?: string };
}
