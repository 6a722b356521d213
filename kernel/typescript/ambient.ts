import { chartTypes } from "../display/chart/ambient.ts";
import { inputTypes } from "../input/ambient.ts";
import { measureTypes } from "../measure/ambient.ts";
import { parallelTypes } from "../parallel/ambient.ts";
import { pythonTypes } from "../python/ambient.ts";
import { widgetTypes } from "../widgets/ambient.ts";

/** Types of what is in the notebook's scope whatever is loaded. */
const engineTypes = `
/** The value of the last cell that had one. */
declare var _: any;

/** Shows a value below the cell: as a table, chart, image or text, by what it is. */
declare function display(value: unknown, options?: {
  /** Names the output: showing a value again with the same id replaces it. */
  id?: string;
  /** The value is a MIME bundle already: MIME type to data. */
  raw?: boolean;
}): void;

// Packages as Deno names them; they come without types.
declare module "npm:*";
`;

/** What cells find without an import, as TypeScript declares it: a constant of each part's. */
export const ambientTypes: string =
  engineTypes + inputTypes + chartTypes + parallelTypes + measureTypes + pythonTypes + widgetTypes;
