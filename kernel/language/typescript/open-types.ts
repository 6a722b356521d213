import type { Position, Range } from "vscode-languageserver";
import type { WrittenCell } from "../../cells/magic.ts";
import { readHead } from "../../cells/magic-line.ts";
import { writtenCell } from "../../cells/written-cell.ts";
import type { EditorTypes } from "../../typescript/service/editor/editor-types.ts";
import type { NotebookTypes } from "../../typescript/service/editor/notebook-types.ts";
import type { CellRequest, EditedNotebook } from "../cell-language.ts";
import { type CellView, NotebookViews, toView } from "./views.ts";

/** An open notebook's types, and its cells' views as they were when it last changed. */
export class OpenTypes {
  readonly types: NotebookTypes;
  readonly #views = new NotebookViews();
  #byCell: ReadonlyMap<string, CellView> = new Map();
  /** The notebook as it is, until somebody asks about it: of dozens that are open most are not looked at. */
  #unasked: EditedNotebook | undefined;
  #hasBegun = false;
  #ready: Promise<void> = Promise.resolve();

  constructor(types: NotebookTypes) {
    this.types = types;
  }

  /** What is asked from here on is asked of the notebook as it is given here. */
  update(notebook: EditedNotebook): void {
    if (this.#hasBegun) this.#read(notebook);
    else this.#unasked = notebook;
  }

  /** Whether anything was asked of it. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  #read(notebook: EditedNotebook): void {
    this.#ready = this.#ready.then(async () => {
      const views = await this.#views.update(notebook);
      this.#byCell = new Map(views.map((view) => [view.cell.uri, view]));
      this.types.update(views.map(({ cell, text }) => ({ key: cell.uri, text })));
    });
  }

  /** The cell's view, up to date. */
  async view(cell: string): Promise<CellView | undefined> {
    this.#hasBegun = true;
    if (this.#unasked) this.#read(this.#unasked);
    this.#unasked = undefined;
    await this.#ready;
    return this.#byCell.get(cell);
  }

  /** A cell's view, then those of the cells above it that have the same magic, the nearest first. */
  likeAndAbove(cell: string): CellView[] {
    const views = [...this.#byCell.values()];
    const index = views.findIndex((view) => view.cell.uri === cell);
    const magicOf = (view: CellView | undefined) => view && readHead(view.cell.text)?.name;
    const magic = magicOf(views[index]);
    return views
      .slice(0, index + 1)
      .reverse()
      .filter((view) => magicOf(view) === magic);
  }

  /** The views of all cells as they are, in their order. */
  get views(): CellView[] {
    return [...this.#byCell.values()];
  }

  /** The view as it is, of a place that an answer leads to. */
  viewNow(cell: string): CellView | undefined {
    return this.#byCell.get(cell);
  }

  /** The cells above one. */
  above(cell: string): WrittenCell[] {
    const views = [...this.#byCell.values()];
    const index = views.findIndex((view) => view.cell.uri === cell);
    return views.slice(0, Math.max(0, index)).map((view) => writtenCell(view.cell.text));
  }

  close(): void {
    this.types.close();
    void this.#views.close();
  }
}

/** All open notebooks' types. */
export class AllTypes {
  readonly #editor: EditorTypes;
  readonly #open = new Map<string, OpenTypes>();

  constructor(editor: EditorTypes) {
    this.#editor = editor;
  }

  /** False where there is no compiler. */
  update(notebook: EditedNotebook): boolean {
    let open = this.#open.get(notebook.uri);
    if (!open) {
      const types = this.#editor.open(notebook.folder);
      if (!types) return false;
      open = new OpenTypes(types);
      this.#open.set(notebook.uri, open);
    }
    open.update(notebook);
    return true;
  }

  /** The URIs of all open notebooks. */
  get notebooks(): string[] {
    return [...this.#open.keys()];
  }

  of(notebook: EditedNotebook): OpenTypes | undefined {
    return this.#open.get(notebook.uri);
  }

  close({ uri }: EditedNotebook): void {
    this.#open.get(uri)?.close();
    this.#open.delete(uri);
  }
}

/** A request about a cell whose text is TypeScript. */
export interface Asked {
  readonly open: OpenTypes;
  readonly view: CellView;
  /** Asks `textDocument/<method>` of the cell; undefined where it is gone, or the request was called off. */
  ask<T>(method: string, params?: object): Promise<T | undefined>;
}

/** What a person waits for at each key. */
const WHILE_TYPING: ReadonlySet<string> = new Set(["completion", "signatureHelp"]);

/** What answers a request, if the cell's text is TypeScript. */
export async function askedOf(
  all: AllTypes,
  { notebook, cell, token }: CellRequest,
): Promise<Asked | undefined> {
  const open = all.of(notebook);
  const view = await open?.view(cell.uri);
  if (!open || !view?.isTypeScript) return undefined;
  return {
    open,
    view,
    async ask<T>(method: string, params: object = {}) {
      if (token.isCancellationRequested) return undefined;
      const controller = new AbortController();
      const listener = token.onCancellationRequested(() => controller.abort());
      try {
        const { types } = open;
        const answer = WHILE_TYPING.has(method)
          ? types.askWhileTyping<T | null>(method, cell.uri, params, controller.signal)
          : types.ask<T | null>(method, cell.uri, params, controller.signal);
        return (await answer) ?? undefined;
      } catch (error) {
        if (controller.signal.aborted) return undefined;
        throw error;
      } finally {
        listener.dispose();
      }
    },
  };
}

/** A place of the cell as a request's parameter. */
export const at = (view: CellView, position: Position) => ({ position: toView(view, position) });

/** The same for a range. */
export const within = (view: CellView, { start, end }: Range) => ({
  range: { start: toView(view, start), end: toView(view, end) },
});
