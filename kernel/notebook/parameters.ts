import { randomBytes } from "node:crypto";
import { JsonEditor } from "./json-edit.ts";
import { cellListPlace, cellPlaces, type Notebook, parseNotebook } from "./notebook.ts";

/** Papermill's tags: of the cell with the defaults, and of the cell that replaces them. */
const DEFAULTS = "parameters";
const INJECTED = "injected-parameters";

/** A value for a name, as TypeScript. */
export interface Parameter {
  readonly name: string;
  readonly code: string;
}

/** Reads a value as JSON, else takes it for a text. JSON is TypeScript; integers beyond 2⁵³ are written as bigints. */
export function readParameter(name: string, value: string): Parameter {
  try {
    const parsed: unknown = JSON.parse(value);
    const isLarge = typeof parsed === "number" && /^-?\d+$/.test(value) && !Number.isSafeInteger(parsed);
    return { name, code: isLarge ? `${value}n` : value };
  } catch {
    return { name, code: JSON.stringify(value) };
  }
}

/**
 * The notebook with a cell that sets the parameters: behind the cell tagged `parameters`, else as the first; in place of the
 * one that an earlier run brought. Every other byte stays.
 */
export function withParameters(notebook: Notebook, parameters: readonly Parameter[], file: string): Notebook {
  const { text, cells, minor } = notebook;
  const lines = ["// Parameters", ...parameters.map(({ name, code }) => `let ${name} = ${code}`)];
  const source = lines.map((line, i) => (i < lines.length - 1 ? `${line}\n` : line));
  const editor = new JsonEditor(text);
  const injected = cells.find(({ tags }) => tags.includes(INJECTED));
  const place = injected && cellPlaces(text)[injected.index];
  if (place) {
    editor.set(place, "source", source);
  } else {
    const defaults = cells.findIndex(({ tags }) => tags.includes(DEFAULTS));
    editor.insert(cellListPlace(text), defaults + 1, {
      cell_type: "code",
      execution_count: null,
      // Older notebooks have no ids and must not have any.
      ...(minor >= 5 && { id: randomBytes(4).toString("hex") }),
      metadata: { tags: [INJECTED] },
      outputs: [],
      source,
    });
  }
  return parseNotebook(editor.result(), file);
}

/** The names that the notebook's cell tagged `parameters` does not mention; none where there is no such cell. */
export function unknownParameters(notebook: Notebook, parameters: readonly Parameter[]): string[] {
  const defaults = notebook.cells.find(({ tags }) => tags.includes(DEFAULTS));
  if (!defaults) return [];
  const words = new Set(defaults.source.match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu));
  return parameters.map(({ name }) => name).filter((name) => !words.has(name));
}
