import { chartTypes } from "../display/chart/ambient.ts";
import { progressTypes } from "../display/progress/ambient.ts";
import { inputTypes } from "../input/ambient.ts";
import { measureTypes } from "../measure/ambient.ts";
import { parallelTypes } from "../parallel/ambient.ts";
import { profileTypes } from "../profile/ambient.ts";
import { pythonTypes } from "../python/ambient.ts";
import { rustTypes } from "../rust/spans-types.ts";
import { timelineTypes } from "../timeline/ambient.ts";
import { widgetTypes } from "../widgets/ambient.ts";

/** Types of what is in the notebook's scope whatever is loaded. */
const engineTypes = `
/** The value of the last cell that had one. */
declare var _: any;

interface DisplayPlace {
  /** Names the output: showing a value again with the same id replaces it. */
  id?: string;
  /** Only replaces what other cells have shown with this id, and shows nothing in this one. */
  update?: boolean;
}
/** Shows a value below the cell: as a table, chart, image or text, by what it is. */
declare function display(value: unknown, options?: DisplayPlace & {
  /** The value is a MIME bundle already: MIME type to data. */
  raw?: boolean;
}): void;
declare namespace display {
  /** Shows HTML. */
  function html(content: string, place?: DisplayPlace): void;
  /** Shows Markdown. */
  function markdown(content: string, place?: DisplayPlace): void;
  /** Shows LaTeX, with its dollar signs. */
  function latex(content: string, place?: DisplayPlace): void;
  /** Shows SVG, without what would run in it. */
  function svg(content: string, place?: DisplayPlace): void;
  /** Shows what JSON keeps of a value; JupyterLab makes a tree of it. */
  function json(value: unknown, place?: DisplayPlace): void;
  /** Shows text as it is. */
  function text(content: string, place?: DisplayPlace): void;
  /** Shows an image: bytes (PNG, JPEG, GIF, WebP, SVG) or a file by its path. Sizes are in CSS pixels; one alone keeps the proportions. */
  function image(source: Uint8Array | ArrayBuffer | string | URL, options?: DisplayPlace & { width?: number; height?: number }): void;
  /** Shows records, or an Arrow table, as a table of so many rows and columns. */
  function table(value: Iterable<object> | object, options?: DisplayPlace & { rows?: number; columns?: number }): void;
}

/** How Deno's notebooks show values; nothing else of Deno's is here. */
declare namespace Deno {
  export namespace jupyter {
    const $display: unique symbol;
    interface Displayable { [$display](): Record<string, unknown> | PromiseLike<Record<string, unknown>> }
    function md(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function html(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function svg(strings: TemplateStringsArray, ...values: unknown[]): Displayable;
    function image(source: Uint8Array | string): Displayable;
    function format(value: unknown): Promise<Record<string, unknown>>;
    function display(value: unknown, options?: { raw?: boolean; display_id?: string; update?: boolean }): Promise<void>;
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
  export const versions: { tslab: string; typescript: string; node: string };
  export function newDisplay(id?: string): Display;
}

// Packages as Deno names them; they come without types.
declare module "npm:*";
// Their exports are known when they are loaded.
declare module "*.wasm";
`;

/** What cells find without an import, as TypeScript declares it: a constant of each part's. */
export const ambientTypes: string =
  engineTypes +
  inputTypes +
  chartTypes +
  progressTypes +
  rustTypes +
  parallelTypes +
  measureTypes +
  profileTypes +
  pythonTypes +
  timelineTypes +
  widgetTypes;
