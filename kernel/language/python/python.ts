import type { CellLanguage, LanguageHost } from "../cell-language.ts";
import { PythonDiagnoser } from "./diagnoser.ts";
import type { AskUses } from "./name-uses.ts";
import { foldsOf, symbolsOf } from "./outline.ts";
import { isPython } from "./python-cells.ts";

/** The language of Python cells, and what it knows of their names. */
export interface PythonCellLanguage extends CellLanguage {
  readonly uses: AskUses;
}

/** `%%python` cells: outline and folds, read from the text; what is wrong, by a Python that reads and does not run them. */
export function pythonCellLanguage(host: LanguageHost): PythonCellLanguage {
  const name = "python";
  const diagnoser = new PythonDiagnoser(host, name);
  const open = new Set<string>();
  return {
    name,
    uses: diagnoser.uses,
    changed(notebook) {
      open.add(notebook.uri);
      diagnoser.changed(notebook);
    },
    closed(notebook) {
      open.delete(notebook.uri);
      diagnoser.closed(notebook);
    },
    trusted() {
      for (const uri of open) diagnoser.ask(uri);
    },
    async symbols({ cell }) {
      return isPython(cell) ? symbolsOf(cell) : [];
    },
    async folds({ cell }) {
      return isPython(cell) ? foldsOf(cell) : [];
    },
  };
}
