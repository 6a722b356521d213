import { homedir } from "node:os";
import type { CompletionItem, Hover } from "vscode-languageserver";
import { EditorTypes } from "../../typescript/service/editor/editor-types.ts";
import type { CellLanguage, CellRequest, EditedNotebook, LanguageHost } from "../cell-language.ts";
import { CellFormatter } from "../format/cell-formatter.ts";
import { actionsAt } from "./actions.ts";
import { editorCapabilities } from "./capabilities.ts";
import { completionsAt, type ItemData, resolvedInCell } from "./completion.ts";
import { TypeDiagnostics } from "./diagnostics.ts";
import { definitionsAt, highlightsAt, type PlaceOfName, referencesAt } from "./navigation.ts";
import { AllTypes, type Asked, askedOf } from "./open-types.ts";
import {
  foldsOf,
  hintsIn,
  hoverAt,
  markdownOf,
  selectionsAt,
  signaturesAt,
  symbolsOf,
  tokensOf,
} from "./reading.ts";
import { renameAt, renameableAt } from "./rename.ts";
import { sharedNames, type TypeScriptNames } from "./shared-names.ts";

const name = "typescript";

/** The language of TypeScript cells, and what it knows of names that others declare. */
export interface TypeScriptCells extends CellLanguage {
  readonly names: TypeScriptNames;
}

/** TypeScript in cells: each question goes to the compiler about the cell's view, each answer comes back as the cell's. */
export function typescriptCells(
  host: LanguageHost,
  placeOfName: PlaceOfName = () => undefined,
): TypeScriptCells {
  const editor = new EditorTypes({
    folder: homedir(),
    capabilities: editorCapabilities,
    settings: (sections) => host.settings(sections),
    isTrusted: () => host.isTrusted,
  });
  const all = new AllTypes(editor);
  const formatter = new CellFormatter(host, (...text) => editor.format(...text));
  const diagnostics = new TypeDiagnostics(all, host, name);
  const asked = async <T, R extends CellRequest>(
    request: R,
    ask: (asked: Asked) => Promise<T>,
  ): Promise<T | undefined> => {
    const found = await askedOf(all, request);
    return found && ask(found);
  };
  const opened = () => all.notebooks.flatMap((uri) => host.notebook(uri) ?? []);
  const lookAgain = (notebook: EditedNotebook) => {
    if (all.update(notebook)) diagnostics.changed(notebook, notebook.cells);
  };
  return {
    name,
    names: sharedNames(all),
    trusted() {
      // The folder's own compiler may be used from now on.
      for (const notebook of opened()) {
        all.close(notebook);
        lookAgain(notebook);
      }
    },
    filesChanged() {
      // Notebooks of one folder learn of a change together, whichever of them imports the file.
      const changed = opened().filter((notebook) => all.of(notebook)?.types.look());
      const folders = new Set(changed.map(({ folder }) => folder));
      for (const notebook of opened()) if (folders.has(notebook.folder)) lookAgain(notebook);
    },
    settingsChanged: () => editor.settingsChanged(),
    changed(notebook, cells) {
      if (all.update(notebook)) diagnostics.changed(notebook, cells);
    },
    closed(notebook) {
      diagnostics.closed(notebook);
      all.close(notebook);
    },
    completion: (at, context) => asked(at, (it) => completionsAt(it, at, context)),
    async resolveCompletion(item) {
      // What `completionsAt` put there.
      const { notebook, cell, data, from, declared, whole } = item.data as ItemData;
      if (whole) return item;
      const known = host.notebook(notebook);
      const open = known && all.of(known);
      const view = await open?.view(cell);
      if (!open || !view) return item;
      await open.types.settled;
      if (from !== undefined) {
        const hover = await open.types.ask<Hover | null>("hover", from, { position: declared });
        return hover ? { ...item, documentation: markdownOf(hover) } : item;
      }
      const resolved = await open.types.request<CompletionItem>("completionItem/resolve", { ...item, data });
      return resolvedInCell(resolved, view);
    },
    hover: (at) => asked(at, (it) => hoverAt(it, at)),
    signatureHelp: (at, context) => asked(at, (it) => signaturesAt(it, at, context)),
    definition: (at) => asked(at, (it) => definitionsAt(it, "definition", at, placeOfName)),
    typeDefinition: (at) => asked(at, (it) => definitionsAt(it, "typeDefinition", at, placeOfName)),
    implementation: (at) => asked(at, (it) => definitionsAt(it, "implementation", at, placeOfName)),
    references: (at, declaration) => asked(at, (it) => referencesAt(it, at, declaration)),
    highlights: (at) => asked(at, (it) => highlightsAt(it, at)),
    prepareRename: (at) => asked(at, (it) => renameableAt(it, at)),
    rename: (at, newName) => asked(at, (it) => renameAt(it, at, newName)),
    symbols: async (of) => (await asked(of, (it) => symbolsOf(it))) ?? [],
    folds: async (of) => (await asked(of, (it) => foldsOf(it))) ?? [],
    selectionRanges: (of, positions) => asked(of, (it) => selectionsAt(it, positions)),
    semanticTokens: async (of) => (await asked(of, (it) => tokensOf(it))) ?? [],
    inlayHints: async (of) => (await asked(of, (it) => hintsIn(it, of))) ?? [],
    async format(of, options) {
      const open = all.of(of.notebook);
      const isTypeScript = open ? (await open.view(of.cell.uri))?.isTypeScript : undefined;
      return isTypeScript === false ? undefined : formatter.format(of, options);
    },
    codeActions: async (of, context) => (await asked(of, (it) => actionsAt(it, of, context))) ?? [],
  };
}
