import { type Notebook, withRuns } from "./notebook.ts";

/** Cells with one of these tags keep what they have; the second is nbstripout's. */
const KEPT = ["keep-output", "keep_output"];

/** The notebook's text without outputs and execution counts; every other byte stays. */
export function strippedText(notebook: Notebook): string {
  const stripped = notebook.cells.filter(
    ({ type, tags }) => type === "code" && !tags.some((tag) => KEPT.includes(tag)),
  );
  return withRuns(
    notebook,
    new Map(stripped.map(({ index }) => [index, { executionCount: null, outputs: [] }])),
  );
}
