import { findPythons, type Surroundings } from "../../python/find.ts";
import type { EditedCell, EditedNotebook, LanguageHost } from "../cell-language.ts";
import { type Checked, PythonChecker } from "./checker.ts";
import type { AskUses } from "./name-uses.ts";
import { type CheckedCell, namesOf, pythonCells, syntaxOf } from "./problems.ts";
import { optionsOf, pythonOf } from "./python-cells.ts";

/** Of typing, in ms. */
const PAUSE = 300;

/** Tells what is wrong in Python cells, on a pause of typing, by the Python that would run them; nothing where there is none or the workspace is not trusted. */
export class PythonDiagnoser {
  readonly #host: LanguageHost;
  readonly #name: string;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** By command line. */
  readonly #checkers = new Map<string, PythonChecker>();
  /** Those that are too old or do not start. */
  readonly #unfit = new Set<string>();
  /** What was said of a text, by the folder and what the cell asks for. */
  readonly #known = new Map<string, { text: string; checked: Checked }>();
  /** Cells of which something was told. */
  readonly #told = new Set<string>();

  constructor(host: LanguageHost, name: string) {
    this.#host = host;
    this.#name = name;
  }

  changed({ uri, cells }: EditedNotebook): void {
    const isOurs =
      cells.some((cell) => this.#told.has(cell.uri)) || pythonCells({ uri, cells, folder: "" }).length > 0;
    if (isOurs) this.#ask(uri, PAUSE);
  }

  closed({ uri, cells }: EditedNotebook): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    for (const cell of cells) {
      this.#known.delete(cell.uri);
      this.#told.delete(cell.uri);
    }
  }

  /** Looks at a notebook anew. */
  ask(uri: string): void {
    this.#ask(uri, 0);
  }

  #ask(uri: string, pause: number): void {
    clearTimeout(this.#timers.get(uri));
    const look = () =>
      void this.#diagnose(uri).catch((error) => this.#host.log(`Python cells are not checked: ${error}`));
    this.#timers.set(uri, setTimeout(look, pause));
  }

  async #diagnose(uri: string): Promise<void> {
    const notebook = this.#host.notebook(uri);
    if (!notebook || !this.#host.isTrusted) return;
    const around = await this.#surroundings(notebook);
    const all: CheckedCell[] = [];
    for (const cell of pythonCells(notebook)) {
      const checked = await this.#check(cell, around);
      if (checked) all.push({ cell, checked });
    }
    // What has changed meanwhile is looked at anew.
    if (this.#host.notebook(uri) !== notebook) return;
    const found = new Map(
      all.map((one) => [one.cell.uri, [...syntaxOf(one.cell, one.checked), ...namesOf(one, notebook, all)]]),
    );
    for (const { uri: cell } of notebook.cells) {
      const said = found.get(cell) ?? [];
      if (said.length === 0 && !this.#told.has(cell)) continue;
      this.#told.add(cell);
      this.#host.publish(cell, this.#name, said);
    }
  }

  /** What a cell does with a name; undefined where no Python can say. */
  readonly uses: AskUses = async (notebook, cell, name) => {
    if (!this.#host.isTrusted) return undefined;
    const checker = await this.#checker(optionsOf(cell)?.python, await this.#surroundings(notebook));
    return checker?.uses(pythonOf(cell), name);
  };

  async #surroundings({ folder }: EditedNotebook): Promise<Surroundings> {
    const [setting] = await this.#host.settings(["tandem.python"]);
    const chosen = typeof setting === "string" && setting !== "" ? { TANDEM_PYTHON: setting } : {};
    return { folder, env: { ...process.env, ...chosen }, platform: process.platform };
  }

  /** Undefined where no Python can say. */
  async #check(cell: EditedCell, around: Surroundings): Promise<Checked | undefined> {
    const known = this.#known.get(cell.uri);
    if (known?.text === cell.text) return known.checked;
    const checker = await this.#checker(optionsOf(cell)?.python, around);
    if (!checker) return undefined;
    const checked = await checker.check(pythonOf(cell));
    if (checker.alive) this.#known.set(cell.uri, { text: cell.text, checked });
    return checked;
  }

  async #checker(asked: string | undefined, around: Surroundings): Promise<PythonChecker | undefined> {
    for (const command of await findPythons(asked, around)) {
      const key = JSON.stringify([command.file, command.args]);
      let checker = this.#checkers.get(key);
      if (this.#unfit.has(key)) continue;
      if (!checker?.alive) {
        checker = new PythonChecker(command);
        this.#checkers.set(key, checker);
      }
      if (await checker.ready) return checker;
      this.#unfit.add(key);
    }
    return undefined;
  }
}
