import { setImmediate } from "node:timers/promises";
import { type Diagnostic, DiagnosticSeverity, type Location } from "vscode-languageserver";
import type { BelowLine } from "../../cells/magic.ts";
import { lineTable } from "../../typescript/edits.ts";
import { asksForTypes } from "../../typescript/service/config.ts";
import type { Unclosed } from "../../typescript/service/editor/unclosed.ts";
import { withoutCellNames } from "../../typescript/service/scope.ts";
import type { EditedCell, EditedNotebook, LanguageHost } from "../cell-language.ts";
import { declaredBelow } from "./declared-below.ts";
import type { AllTypes, OpenTypes } from "./open-types.ts";
import { notInstalled, toldToInstall } from "./packages.ts";
import { cellRange } from "./places.ts";
import { weighed } from "./severity.ts";
import { type CellView, toCell } from "./views.ts";

/** How long nobody must have typed before a notebook is checked, in ms. */
const PAUSE = 150;

/** Cells that are asked about at once: the edited ones come first, and a new edit calls these off. */
const AT_ONCE = 4;

/**
 * Which of the notebooks that were opened are checked next: one that the editor asks about, since somebody looks at it; the others
 * together, which is the least work. `isFirst`: nothing was asked yet, and the compiler starts with the one that was opened last.
 */
export function nextOf(
  opened: readonly string[],
  isAsked: (uri: string) => boolean,
  isFirst: boolean,
): readonly string[] {
  const asked = opened.find(isAsked);
  if (asked !== undefined) return [asked];
  return isFirst ? opened.slice(-1) : opened;
}

/** What is to be checked of a notebook. */
interface Waiting {
  /** The cells that were edited since they were last checked. */
  readonly cells: Set<string>;
  timer: NodeJS.Timeout | undefined;
  /** Calls off what is being asked. */
  asking: AbortController | undefined;
}

/** What is wrong with a notebook's TypeScript, told in the pauses of typing. */
export class TypeDiagnostics {
  readonly #all: AllTypes;
  readonly #host: LanguageHost;
  readonly #owner: string;
  readonly #waiting = new Map<string, Waiting>();
  /** The notebooks that were opened and are not checked yet. */
  readonly #opened = new Set<string>();
  #isChecking = false;

  /** `owner`: the language in whose name it publishes. */
  constructor(all: AllTypes, host: LanguageHost, owner: string) {
    this.#all = all;
    this.#host = host;
    this.#owner = owner;
  }

  changed(notebook: EditedNotebook, cells: readonly EditedCell[]): void {
    const isNew = !this.#waiting.has(notebook.uri);
    const waiting: Waiting = this.#waiting.get(notebook.uri) ?? {
      cells: new Set(),
      timer: undefined,
      asking: undefined,
    };
    this.#waiting.set(notebook.uri, waiting);
    // The compiler is for what the edit is followed by.
    waiting.asking?.abort();
    // Cells that were moved or removed change what others have: then all are looked at.
    for (const { uri } of cells.length > 0 ? cells : notebook.cells) waiting.cells.add(uri);
    clearTimeout(waiting.timer);
    if (isNew) {
      this.#opened.add(notebook.uri);
      void this.#checkOpened();
    } else waiting.timer = setTimeout(() => void this.#check(notebook.uri), PAUSE);
  }

  closed({ uri }: EditedNotebook): void {
    const waiting = this.#waiting.get(uri);
    clearTimeout(waiting?.timer);
    waiting?.asking?.abort();
    this.#waiting.delete(uri);
    this.#opened.delete(uri);
  }

  async #checkOpened(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    // What is opened at once is there then.
    await setImmediate();
    for (let isFirst = true; this.#opened.size > 0; isFirst = false) {
      const next = nextOf([...this.#opened], (uri) => this.#openOf(uri)?.hasBegun === true, isFirst);
      for (const uri of next) this.#opened.delete(uri);
      const checks = Promise.all(next.map((uri) => this.#check(uri).catch(() => {})));
      // Where no other waits, none that is opened later has to.
      if (this.#opened.size > 0) await checks;
    }
    this.#isChecking = false;
  }

  #openOf(uri: string): OpenTypes | undefined {
    const notebook = this.#host.notebook(uri);
    return notebook && this.#all.of(notebook);
  }

  async #check(uri: string): Promise<void> {
    this.#opened.delete(uri);
    const waiting = this.#waiting.get(uri);
    const notebook = this.#host.notebook(uri);
    const open = notebook && this.#all.of(notebook);
    if (!waiting || !open) return;
    const timer = waiting.timer;
    const [first] = notebook.cells;
    if (first) await open.view(first.uri);
    await open.types.settled;
    open.types.look();
    // A name that its cell no longer declares is missed where it was had from there.
    for (const cell of open.types.takeTouched()) waiting.cells.add(cell);
    const edited = new Set(waiting.cells);
    const affected = open.types.dependants(edited);
    const strict = asksForTypes(notebook.folder);
    const order = [...edited, ...affected.filter((cell) => !edited.has(cell))];
    // The first alone: it is the one that was edited, and the next key mostly comes now.
    for (let start = 0, count = 1; start < order.length; start += count, count = AT_ONCE) {
      // A newer edit has a check of its own.
      if (waiting.timer !== timer || this.#waiting.get(uri) !== waiting) return;
      const some = order.slice(start, start + count);
      const asking = new AbortController();
      waiting.asking = asking;
      const found = await Promise.all(
        some.map((cell) =>
          diagnosticsOf(open, cell, { folder: notebook.folder, strict }, asking.signal).catch(
            () => undefined,
          ),
        ),
      );
      if (waiting.timer !== timer) return;
      for (const [index, cell] of some.entries()) {
        const diagnostics = found[index];
        if (diagnostics) this.#host.publish(cell, this.#owner, diagnostics);
      }
    }
    for (const cell of edited) waiting.cells.delete(cell);
  }
}

async function diagnosticsOf(
  open: OpenTypes,
  cell: string,
  { folder, strict }: { folder: string; strict: boolean },
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  const view = await open.view(cell);
  if (!view?.isTypeScript) return [];
  const answer = await open.types.ask<{ items?: Diagnostic[] }>("diagnostic", cell, {}, signal);
  const found = (answer?.items ?? []).flatMap((one) => {
    const weightier = weighed(one, view, strict);
    const own = weightier && inCell(weightier, view, open);
    return own ? [toldToInstall(own, view, folder)] : [];
  });
  const unclosed = open.types.unclosed(cell);
  return [
    ...found,
    ...notInstalled(view, folder),
    ...declaredBelow(view, namesFromBelow(open, cell)),
    ...(unclosed ? [endMissing(unclosed, view)] : []),
  ];
}

function namesFromBelow(open: OpenTypes, cell: string): Map<string, Location | undefined> {
  return new Map(
    open.types.fromBelow(cell).map(({ name, key, declaration }) => {
      const owner = open.viewNow(key);
      const range = owner && cellRange(owner, declaration.range);
      return [name, range && { uri: key, range }];
    }),
  );
}

/** What the compiler does not say, since the end is given to it below the cell. */
function endMissing({ missing, offset }: Unclosed, view: CellView): Diagnostic {
  const lines = view.cell.text.split("\n");
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const [line, column] = lineTable(view.text)(offset);
  const start = toCell(view, { line, character: column });
  const place = { start, end: { line: start.line, character: start.character + 1 } };
  return {
    range: { start: end, end },
    severity: DiagnosticSeverity.Error,
    code: 1005,
    source: "ts",
    message: `'${missing}' expected.`,
    ...(offset >= 0 && {
      relatedInformation: [{ location: { uri: view.cell.uri, range: place }, message: `It is opened here.` }],
    }),
  };
}

/** What the type service's answer to a line of ours says of the cell. */
function answered(
  { start, end, tell }: BelowLine,
  message: string,
  view: CellView,
  open: OpenTypes,
): Diagnostic | undefined {
  const error = tell(withoutCellNames(message), open.above(view.cell.uri));
  return (
    error && {
      range: { start, end },
      severity: DiagnosticSeverity.Error,
      code: error.code,
      source: "tandem",
      message: error.message,
    }
  );
}

function inCell(found: Diagnostic, view: CellView, open: OpenTypes): Diagnostic | undefined {
  const asked = view.below?.find(({ line }) => line === found.range.start.line + 1);
  if (asked) return answered(asked, String(found.message), view, open);
  const range = cellRange(view, found.range);
  if (!range) return undefined;
  const related = found.relatedInformation?.flatMap(({ location, message }) => {
    const key = open.types.cellOf(location.uri);
    if (key === undefined) return [{ location, message: withoutCellNames(message) }];
    const of = open.viewNow(key);
    const place = of && cellRange(of, location.range);
    return place ? [{ location: { uri: key, range: place }, message: withoutCellNames(message) }] : [];
  });
  return {
    ...found,
    range,
    message: typeof found.message === "string" ? withoutCellNames(found.message) : found.message,
    ...(related && { relatedInformation: related }),
  };
}
