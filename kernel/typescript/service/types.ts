import { ambientTypes } from "../ambient.ts";
import { lineTable } from "../edits.ts";
import { wrapObjectLiteral } from "../read-cell.ts";
import type { Completions, Diagnostic, Inspection, TypeService } from "../service.ts";
import { isJsx } from "../strip.ts";
import { lineStart } from "../syntax-error.ts";
import { type CompletionItem, completionsOf } from "./completion.ts";
import { configText } from "./config.ts";
import { type DocumentSymbol, declaredNames } from "./declarations.ts";
import { compilerPath, nodeTypesPath } from "./executable.ts";
import { type Hover, inspectedOffsets, inspectionOf } from "./inspection.ts";
import {
  ALL_CELLS,
  CELL_DOCUMENTS,
  CellScope,
  type DocumentChanges,
  GLOBAL_NAMES,
  withoutCellNames,
} from "./scope.ts";
import { type Position, type Range, TypeScriptServer } from "./server.ts";
import { WatchedFiles } from "./watched-files.ts";

const AMBIENT = ".tandem-ambient.d.ts";
/** The cell that is checked, and the text that is edited, each alone in its document. */
const CHECKED = ".tandem-cell";
const EDITED = ".tandem-edited";

/** The name of the last cell's value. */
const LAST_VALUE = "_";

/** LSP `Diagnostic`, as far as it is used. */
interface LspDiagnostic {
  readonly range: Range;
  readonly severity?: number;
  readonly code?: number | string;
  readonly message: string;
}

/** Findings that say no more than that a package came without types. */
const untyped = new Set([7016, 7026]);

/** The types of a notebook in `folder`; nothing where the compiler is not installed for this platform. */
export function createTypeService({ folder }: { folder: string }): TypeService | undefined {
  const file = compilerPath();
  return file === undefined ? undefined : new LanguageServerTypes(file, folder);
}

class LanguageServerTypes implements TypeService {
  readonly #server: TypeScriptServer;
  readonly #folder: string;
  readonly #watched: WatchedFiles;
  readonly #scope = new CellScope();
  readonly #checking = new Turns();
  readonly #editing = new Turns();
  #started: Promise<void> | undefined;

  constructor(file: string, folder: string) {
    this.#server = new TypeScriptServer(file, folder);
    this.#folder = folder;
    this.#watched = new WatchedFiles(folder);
  }

  check(file: string, text: string): Promise<Diagnostic[]> {
    return this.#checking.take(async () => {
      await this.#prepare(text);
      const { text: wrapped, place } = wrapObjectLiteral(text);
      const name = await this.#put(CHECKED, wrapped);
      const { items = [] } = await this.#server.ask<{ items?: LspDiagnostic[] }>("diagnostic", name);
      const lines = text.split("\n").length;
      const unwrapped = ({ line, character }: Position): Position =>
        place?.line === line && character > place.column
          ? { line, character: character - 2 }
          : { line, character };
      return items
        .filter(({ range }) => range.start.line < lines)
        .map(({ range: { start, end }, ...rest }) =>
          toDiagnostic(file, { ...rest, range: { start: unwrapped(start), end: unwrapped(end) } }),
        );
    });
  }

  commit(_file: string, text: string): Promise<void> {
    return this.#checking.take(async () => {
      // The last value's type is known of cells that declare it; any other cell may have changed the value.
      this.#scope.forget(LAST_VALUE);
      if (text === "") return;
      await this.#prepare(text);
      const extension = isJsx(text) ? "tsx" : "ts";
      const symbols = await this.#symbols(CHECKED, extension, text);
      const declared = declaredNames(symbols, text);
      if (declared.length === 0) return;
      this.#apply(this.#scope.commit(text, extension, declared));
      // The server reads all documents anew for any change but that of one text: now, and not when the next cell waits.
      await this.#server.ask("diagnostic", `${CHECKED}.${extension}`);
    });
  }

  complete(text: string, offset: number): Promise<Completions> {
    return this.#editing.take(async () => {
      await this.#prepare(text);
      const name = await this.#put(EDITED, text);
      const answer = await this.#server.ask<{ items?: CompletionItem[] } | CompletionItem[] | null>(
        "completion",
        name,
        { position: positionAt(text, offset) },
      );
      const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
      return completionsOf(items.filter(isForUsers), text, offset, (position) => offsetAt(text, position));
    });
  }

  inspect(text: string, offset: number): Promise<Inspection | undefined> {
    return this.#editing.take(async () => {
      await this.#prepare(text);
      const name = await this.#put(EDITED, text);
      for (const at of inspectedOffsets(text, offset)) {
        const hover = await this.#server.ask<Hover | null>("hover", name, { position: positionAt(text, at) });
        const inspection = inspectionOf(hover);
        if (inspection) return inspection;
      }
      return undefined;
    });
  }

  reset(): Promise<void> {
    return this.#checking.take(async () => this.#apply(this.#scope.reset()));
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Before anything is asked about a text. */
  async #prepare(text: string): Promise<void> {
    this.#started ??= this.#start();
    try {
      await this.#started;
    } catch (error) {
      // What failed once may work the next time.
      this.#started = undefined;
      throw error;
    }
    this.#server.filesChanged(this.#watched.changesFor(text));
  }

  /** Sets the documents that are there without any cell, and learns which names are: as values, and as types. */
  async #start(): Promise<void> {
    const slots = [CHECKED, EDITED].flatMap((slot) => [`${slot}.ts`, `${slot}.tsx`]);
    const documents = [AMBIENT, ALL_CELLS, GLOBAL_NAMES, ...slots];
    const nodeTypes = nodeTypesPath(this.#folder);
    const files = nodeTypes === undefined ? documents : [nodeTypes, ...documents];
    // A cell's document that did not belong as soon as it is opened would get a project of its own, which reads all
    // libraries again: a second's work.
    this.#server.set("tsconfig.json", configText(this.#folder, files, CELL_DOCUMENTS));
    for (const name of documents) this.#server.set(name, "");
    this.#server.set(AMBIENT, ambientTypes);
    const names = new Set<string>();
    const name = `${EDITED}.ts`;
    for (const text of ["\n", "let x:  ;"]) {
      this.#server.set(name, text);
      const position = { line: 0, character: text.length > 1 ? 7 : 0 };
      const answer = await this.#server.ask<{ items: CompletionItem[] }>("completion", name, { position });
      for (const { label } of answer.items) names.add(label);
    }
    this.#scope.setGlobals(names);
  }

  /** Puts a text into a slot, with what it needs besides. Returns the document's name. */
  async #put(slot: string, text: string): Promise<string> {
    const extension = isJsx(text) ? "tsx" : "ts";
    const name = `${slot}.${extension}`;
    const contested = this.#scope.contested(text);
    if (contested.length === 0) {
      this.#server.set(name, text);
      return name;
    }
    const symbols = await this.#symbols(slot, extension, text);
    const own = new Set(symbols.map((symbol) => symbol.name));
    this.#server.set(name, `${text}\n${this.#scope.imports(contested.filter((one) => !own.has(one)))}`);
    return name;
  }

  async #symbols(slot: string, extension: string, text: string): Promise<DocumentSymbol[]> {
    const name = `${slot}.${extension}`;
    this.#server.set(name, text);
    return (await this.#server.ask<DocumentSymbol[] | null>("documentSymbol", name)) ?? [];
  }

  #apply({ set, remove }: DocumentChanges): void {
    for (const [name, text] of set) this.#server.set(name, text);
    for (const name of remove) this.#server.remove(name);
  }
}

/** One piece of work at a time, in the order asked for. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }
}

const SEVERITY = ["error", "warning"] as const;

function toDiagnostic(
  file: string,
  { range: { start, end }, severity = 1, code, message }: LspDiagnostic,
): Diagnostic {
  const number = Number(code ?? 0);
  return {
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity: untyped.has(number) ? "suggestion" : (SEVERITY[severity - 1] ?? "suggestion"),
    code: number,
    message: withoutCellNames(message),
  };
}

/** Our own names are in every cell's reach and in nobody's interest. */
const isForUsers = ({ label }: CompletionItem) =>
  !/^__tandem|^__p(?:map|first)$|^[\u01c2\u01c3]|^\.tandem-/.test(label);

function positionAt(text: string, offset: number): Position {
  const [line, character] = lineTable(text)(offset);
  return { line, character };
}

const offsetAt = (text: string, { line, character }: Position) => lineStart(text, line + 1) + character;
