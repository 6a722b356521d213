import { setImmediate } from "node:timers/promises";
import type { CodeAction, CodeActionContext, CompletionList, Hover } from "vscode-languageserver";
import { completeMagicLine, inspectMagic } from "../../cells/completion.ts";
import { magicProblems } from "../../cells/line-problems.ts";
import type { WrittenCell } from "../../cells/magic.ts";
import { writtenCell } from "../../cells/written-cell.ts";
import type {
  CellLanguage,
  EditedCell,
  EditedNotebook,
  LanguageHost,
  PlaceRequest,
  RangeRequest,
} from "../cell-language.ts";
import { completionList } from "./items.ts";
import { lineStart } from "./places.ts";
import { diagnosticOf, fixesOf } from "./problems.ts";

/** How long a notebook rests before it is said what is wrong, in ms: half a word is no mistake. */
const PAUSE = 300;

/** Questions wait no longer than this for it, in ms. */
const BREATHE = 10;

/** Magic lines: names, options and values completed, help, and what is wrong with them. */
export const magicLines = (host: LanguageHost): CellLanguage => new MagicLines(host);

class MagicLines implements CellLanguage {
  readonly name = "magic lines";
  readonly #host: LanguageHost;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(host: LanguageHost) {
    this.#host = host;
  }

  changed({ uri }: EditedNotebook): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => void this.#publish(uri), PAUSE),
    );
  }

  closed({ uri }: EditedNotebook): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  async completion({ cell, position, notebook }: PlaceRequest): Promise<CompletionList | undefined> {
    if (!mayHaveMagics(cell)) return undefined;
    const offset = lineStart(cell.text, position.line) + position.character;
    const found = completeMagicLine(cell.text, offset, notebook.folder);
    return found && completionList(found, cell.text);
  }

  async hover({ cell, position }: PlaceRequest): Promise<Hover | undefined> {
    if (!mayHaveMagics(cell)) return undefined;
    const from = lineStart(cell.text, position.line);
    const found = inspectMagic(cell.text, from + position.character);
    if (!found) return undefined;
    const { signature, documentation, start, end } = found;
    const at = (offset: number) => ({ line: position.line, character: offset - from });
    const value = `\`\`\`text\n${signature}\n\`\`\`\n\n${documentation}`;
    return { contents: { kind: "markdown", value }, range: { start: at(start), end: at(end) } };
  }

  async codeActions({ cell, range }: RangeRequest, context: CodeActionContext): Promise<CodeAction[]> {
    if (!mayHaveMagics(cell)) return [];
    if (context.only && !context.only.some((kind) => "quickfix".startsWith(kind))) return [];
    return magicProblems(cell.text)
      .filter(({ start }) => range.start.line <= start.line && start.line <= range.end.line)
      .flatMap((problem) => fixesOf(problem, cell.uri));
  }

  async #publish(uri: string): Promise<void> {
    this.#timers.delete(uri);
    const notebook = this.#host.notebook(uri);
    const above: WrittenCell[] = [];
    let started = performance.now();
    for (const cell of notebook?.cells ?? []) {
      const found = mayHaveMagics(cell) ? magicProblems(cell.text, above) : [];
      this.#host.publish(cell.uri, this.name, found.map(diagnosticOf));
      above.push(writtenCell(cell.text));
      if (performance.now() - started < BREATHE) continue;
      // A question that waits is answered first; what was edited meanwhile is looked at anew.
      await setImmediate();
      if (this.#timers.has(uri)) return;
      started = performance.now();
    }
  }
}

/** Our TypeScript cells, and those that begin as a magic does, whatever their language is. */
function mayHaveMagics({ language, text }: EditedCell): boolean {
  return text.startsWith("%%") || language === "tandem-typescript";
}
