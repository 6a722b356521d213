import { join } from "node:path";
import type { FormattingOptions, TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fail, TandemError } from "../../errors.ts";
import { readCell } from "../../typescript/read-cell.ts";
import { isJsx } from "../../typescript/strip.ts";
import { CellSyntaxError } from "../../typescript/syntax-error.ts";
import type { CellRequest, LanguageHost } from "../cell-language.ts";
import { formatByBiome } from "./biome.ts";
import { toolsOf } from "./folder-tools.ts";
import { maskCell, wordsOf } from "./masked-cell.ts";
import { FormatterSyntaxError, PrettierProcess } from "./prettier.ts";
import { editsBetween } from "./text-edits.ts";

/** TypeScript's own formatter, for a text that stands alone; undefined where there is no compiler. */
export type OwnFormatter = (
  text: string,
  folder: string,
  jsx: boolean,
  options: FormattingOptions,
) => Promise<string | undefined>;

/** What a tool made of a text. */
interface Formatted {
  readonly tool: string;
  readonly text: string;
}

/** Formats TypeScript cells: by the folder's Prettier or Biome where it is trusted, else by TypeScript's own formatter. */
export class CellFormatter {
  readonly #host: LanguageHost;
  readonly #own: OwnFormatter;
  /** By its main module and the notebook's folder. */
  readonly #prettiers = new Map<string, PrettierProcess>();
  /** What the user was told, to be said once. */
  readonly #told = new Set<string>();

  constructor(host: LanguageHost, own: OwnFormatter) {
    this.#host = host;
    this.#own = own;
  }

  /** Edits of the cell, or of what lies in a range of it; none where it cannot be formatted, which the log tells. */
  async format(
    { notebook, cell, range }: CellRequest & { range?: TextEdit["range"] },
    options: FormattingOptions,
  ): Promise<TextEdit[] | undefined> {
    try {
      const text = cell.text.replaceAll("\r\n", "\n");
      const masked = maskCell(text);
      if (!masked) return undefined;
      // The same judge for every tool: what runs is formatted.
      readCell(masked.text, "cell.ts", { returns: true });
      const formatted = await this.#formatted(masked.text, notebook.folder, options);
      if (!formatted) return undefined;
      const restored = masked.restore(formatted.text);
      if (restored === undefined) throw fail("formatterMovedMagic", formatted.tool);
      const edits = editsBetween(cell.text, restored, range);
      return range && !keepsCode(cell.text, edits) ? [] : edits;
    } catch (error) {
      this.#tell(error, cell.index + 1);
      return [];
    }
  }

  async #formatted(text: string, folder: string, options: FormattingOptions): Promise<Formatted | undefined> {
    const jsx = isJsx(text);
    const byFolder = this.#host.isTrusted ? await this.#byFolder(text, folder, jsx) : undefined;
    if (byFolder) return byFolder;
    const own = await this.#own(text, folder, jsx, options);
    return own === undefined ? undefined : { tool: "TypeScript", text: own };
  }

  /** A configuration of Prettier comes first, then one of Biome, then a Prettier that is a dependency and no more. */
  async #byFolder(text: string, folder: string, jsx: boolean): Promise<Formatted | undefined> {
    const { prettier, biome, missing } = toolsOf(folder);
    if (missing) this.#warn(fail("formatterMissing", missing.tool, missing.install).message);
    const file = join(folder, "cell.ts");
    if (prettier) {
      const always = prettier.isDependency && !biome;
      const formatted = await this.#prettier(prettier.entry, folder).format({
        entry: prettier.entry,
        text,
        file,
        jsx,
        always,
      });
      if (formatted !== undefined) return { tool: "Prettier", text: formatted };
    }
    if (!biome) return undefined;
    return { tool: "Biome", text: await formatByBiome(text, jsx ? `${file}x` : file, biome) };
  }

  #prettier(entry: string, folder: string): PrettierProcess {
    const key = `${entry}\n${folder}`;
    const known = this.#prettiers.get(key) ?? new PrettierProcess(folder);
    this.#prettiers.set(key, known);
    return known;
  }

  /** A mistake in the code is marked where it stands; the log is enough. What is wrong with a tool, nobody else says. */
  #tell(error: unknown, cell: number): void {
    if (error instanceof CellSyntaxError || error instanceof FormatterSyntaxError)
      this.#host.log(`Cell ${cell} was not formatted, since it has a syntax error: ${error.message}`);
    else if (error instanceof TandemError && !error.code.startsWith("formatter"))
      this.#host.log(`Cell ${cell} was not formatted: ${error.message}`);
    else if (error instanceof TandemError) this.#warn(error.message);
    else throw error;
  }

  #warn(text: string): void {
    this.#host.log(text);
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#host.warn(text);
  }
}

/** Whether the text has the same code after edits, some of which may belong to others that lie outside of the range. */
function keepsCode(text: string, edits: readonly TextEdit[]): boolean {
  const after = TextDocument.applyEdits(TextDocument.create("", "", 0, text), [...edits]);
  const code = (one: string) => [...wordsOf(one), ...(one.match(/[{}[\]]/g) ?? [])].join(" ");
  return code(text) === code(after);
}
