import type { CellMagic } from "./magic.ts";
import { declaredOut, optionText } from "./option-values.ts";
import { runTypeScript } from "./run-typescript.ts";

/** `%%javascript`: plain JavaScript of the notebook. */
export const javascript: CellMagic = {
  name: "javascript",
  summary: "Run the cell as plain JavaScript, without a check of its types",
  options: [],
  example: "%%javascript\nvar total = 0\nfor (const n of [1, 2, 3]) total += n\ntotal",
  details:
    "It runs where TypeScript cells run, in Node, and shares their variables: this kernel's language is JavaScript with types. " +
    "(IPython's `%%javascript` runs in the browser instead. What is to run there is shown by " +
    '`display({ "application/javascript": code }, { raw: true })`, in front ends that allow it, or is a widget.)',
  run: (cell, session) =>
    runTypeScript({ ...cell, source: `\n${cell.body}` }, session, optionText(cell.options, "out")),
  holdsTypeScript: true,
  async typeView({ body, options }) {
    return { text: `// @ts-nocheck\n${body}\n${declaredOut(options, "any")}` };
  },
};
