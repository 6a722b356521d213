/**
 * The percent format for TypeScript, as jupytext writes it for other languages: a comment `// %%` starts each cell.
 *
 *     // ---
 *     // {"jupyter":{…},"nbformat_minor":5}
 *     // ---
 *
 *     // %% id="a1" tags=["parameters"]
 *     const n = 1
 *
 *     // %% [markdown] id="b2"
 *     // # A title
 *
 *     // %% id="c3"
 *     // %%rust
 *     // pub fn f() {}
 *
 * Cells of other languages, Markdown and raw cells stand in comments, and so do lines that are magics.
 */
export interface PercentCell {
  readonly type: string;
  readonly id: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly attachments: Readonly<Record<string, unknown>> | undefined;
  readonly source: string;
}

export interface PercentNotebook {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly minor: number;
  readonly cells: readonly PercentCell[];
}

/** A line that starts a cell: the comment, and its kind and attributes behind a space. */
export const MARKER = /^\/\/ %%(?:\s+(.*))?$/s;

/** What keeps a file whose cells neither import nor export a module of its own, whose names are nobody else's. */
export const MODULE_LINE = "export {}; // makes the file a module";

/** A cell of another language, or of TypeScript that a magic runs. */
export const isMagicCell = (source: string): boolean => /^%%\S/.test(source);

/** A line of TypeScript that reading would take for a magic or a marker; one `// ` more keeps it. */
export const LOOKS_LIKE_MAGIC = /^(?:\/\/ )+[%!]/;

/** A line of other text that would be a marker in a comment. */
export const LOOKS_LIKE_MARKER = /^(?:\/\/ )*%%(?:\s|$)/;
