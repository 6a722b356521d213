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

/** How Deno's notebooks show values; nothing else of Deno's is here. */
declare namespace Deno {
  export namespace jupyter {
    const $display: unique symbol;
    interface Displayable { [$display](): Record<string, unknown> | PromiseLike<Record<string, unknown>> }
    function md(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function html(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function svg(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function image(bytes: Uint8Array): Displayable;
    function format(value: unknown): Promise<Record<string, unknown>>;
    function display(value: unknown, options?: { raw?: boolean; display_id?: string }): Promise<void>;
  }
}

declare module "tslab" {
  export interface Display {
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    latex(s: string): void;
    svg(s: string): void;
    png(b: Uint8Array): void;
    jpeg(b: Uint8Array): void;
    gif(b: Uint8Array): void;
    pdf(b: Uint8Array): void;
    text(s: string): void;
    raw(contentType: string, b: string | Uint8Array): void;
  }
  export const display: Display;
  export function newDisplay(id?: string): Display;
}

// Packages as Deno names them; they come without types.
declare module "npm:*";
`;

/** What cells find without an import, as TypeScript declares it: a constant of each part's. */
export const ambientTypes: string =
  engineTypes + inputTypes + chartTypes + parallelTypes + measureTypes + pythonTypes + widgetTypes;
