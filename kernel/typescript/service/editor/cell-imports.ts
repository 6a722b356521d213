import type { Declared } from "../scope.ts";
import { OF_CELL } from "../scope.ts";
import type { Unclosed } from "./unclosed.ts";

/** A cell of an open notebook, as far as others may use its names. */
export interface NamedCell {
  /** Tells it from the notebook's other cells, for good. */
  readonly id: number;
  /** What stands in it as TypeScript. */
  readonly text: string;
  readonly declared: ReadonlyMap<string, Pick<Declared, "kind">>;
  /** What ends a half-written text, so that what stands below is not taken for a part of it. */
  readonly unclosed: Pick<Unclosed, "closing"> | undefined;
  /** The identifiers in it (`wordsOf`). */
  readonly words: ReadonlySet<string>;
}

/** A name that a cell has from another: the text that brings it stands at this offset of the cell's last lines. */
export interface Import {
  readonly name: string;
  readonly owner: number;
  /** Of the name itself, in what stands below the cell. */
  readonly offset: number;
  /** It is declared anew by its type, since an import cannot be assigned to. */
  readonly redeclared: boolean;
}

/** What stands below a cell's text, and what it brings. */
export interface Suffix {
  readonly text: string;
  readonly imports: readonly Import[];
}

/** The name of the last cell's value: it is the cell's before, or of unknown type. */
const LAST_VALUE = "_";

/**
 * Below each cell: imports of the names that it has from others, and exports of its own. A name is the nearest cell's above
 * that declares it; where there is none, the nearest's below, since cells may run in any order, unless it is a global
 * (`isGlobal`, which is asked of no other names). All go through one module, `all`, so that to mention another name never
 * changes which files a file imports: the compiler would read all of them anew. `wanted`: the ids of the cells to make it for.
 */
export function suffixes(
  cells: readonly NamedCell[],
  wanted: ReadonlySet<number>,
  all: string,
  isGlobal: (name: string) => boolean,
): Map<number, Suffix> {
  const declaring = new Map<string, number[]>();
  for (const [index, { declared }] of cells.entries())
    for (const name of declared.keys()) {
      const indices = declaring.get(name);
      if (indices) indices.push(index);
      else declaring.set(name, [index]);
    }
  const found = new Map<number, Suffix>();
  for (const [index, cell] of cells.entries()) {
    if (!wanted.has(cell.id)) continue;
    const owned: [string, NamedCell][] = [];
    for (const name of cell.words) {
      const indices = declaring.get(name);
      if (!indices || cell.declared.has(name)) continue;
      const owner = cells[ownerOf(name, index, indices, isGlobal) ?? -1];
      if (owner) owned.push([name, owner]);
    }
    found.set(cell.id, suffixOf(cell, owned, all));
  }
  return found;
}

function ownerOf(
  name: string,
  index: number,
  declaring: readonly number[],
  isGlobal: (name: string) => boolean,
): number | undefined {
  const above = declaring.findLast((one) => one < index);
  if (name === LAST_VALUE) return above === index - 1 ? above : undefined;
  return above ?? (isGlobal(name) ? undefined : declaring.find((one) => one > index));
}

function suffixOf(cell: NamedCell, owned: readonly [string, NamedCell][], all: string): Suffix {
  const imports: Import[] = [];
  // The semicolon ends a statement that is half-written: a dot would take the keyword for a member.
  let text = `${cell.unclosed?.closing ?? ""};`;
  const add = (before: string, name: string, owner: NamedCell, after: string, redeclared: boolean) => {
    imports.push({ name, owner: owner.id, offset: text.length + before.length, redeclared });
    text += before + name + after;
  };
  const byPattern = mayAssignByPattern(cell.text);
  const assigned = (name: string, owner: NamedCell) =>
    owner.declared.get(name)?.kind !== "other" && (byPattern || mayAssign(cell.text, name));
  const [redeclared, imported] = [true, false].map((which) =>
    owned.filter(([name, owner]) => assigned(name, owner) === which),
  );
  text += "import {";
  for (const [name, owner] of imported ?? [])
    add(`${name}${OF_CELL}${owner.id} as `, name, owner, ",", false);
  text += `} from "./${all}";`;
  // Not by an import's `typeof`: its type would depend on what comes before it, and that on this declaration.
  for (const [name, owner] of redeclared ?? []) {
    const type = `typeof import("./${all}").${name}${OF_CELL}${owner.id}`;
    add(`declare ${owner.declared.get(name)?.kind} `, name, owner, `: ${type};`, true);
  }
  const own = [...cell.declared.keys()].map((name) => `${name} as ${name}${OF_CELL}${cell.id}`);
  return { text: `${text}export {${own.join(",")}};`, imports };
}

/** The identifiers in a cell, and what looks like them; an element stands for a call of React's. */
export function wordsOf(text: string, extension: "ts" | "tsx"): ReadonlySet<string> {
  const words = new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  if (extension === "tsx") words.add("React");
  return words;
}

/** Whether a text may assign to a name; one that is taken apart by a pattern counts, whichever name it holds. */
function mayAssign(text: string, name: string): boolean {
  const word = name.replaceAll("$", "\\$");
  const operator = "(?:\\*\\*|<<|>>>?|&&|\\|\\||\\?\\?|[-+*/%&|^])?=(?![=>])|\\+\\+|--";
  const pattern = `(?<![\\p{ID_Continue}$.])${word}(?![\\p{ID_Continue}$])\\s*(?:${operator})|(?:\\+\\+|--)\\s*${word}(?![\\p{ID_Continue}$])`;
  return new RegExp(pattern, "u").test(text);
}

/**
 * Whether a text may assign to what stands in a pattern, such as `[a, b] = [b, a]`. An element that is assigned (`a[0] = 1`), a type
 * (`: Row[] = []`) and a declaration (`const { a } = b`) are none.
 */
function mayAssignByPattern(text: string): boolean {
  return [...text.matchAll(/[\]}](?=\s*\)?\s*=(?![=>]))/g)].some(({ index }) => {
    const before = text.slice(0, openOf(text, index)).replace(/[ \t]+$/, "");
    // First on its line: what the lines above end with may be a comment.
    if (before === "" || before.endsWith("\n")) return true;
    const word = /[\p{ID_Continue}$]+$/u.exec(before)?.[0];
    if (word !== undefined) return /^(?:return|of|in|yield|await|case|else|do|void)$/.test(word);
    if (before.endsWith(":")) return /\b(?:case\b.*|default\s*):$/.test(before);
    return !/(?:[)\]?.!]|[^=]>)$/.test(before);
  });
}

/** Where the bracket is opened that is closed at an offset, as far as brackets tell. */
function openOf(text: string, close: number): number {
  let depth = 0;
  for (let offset = close; offset >= 0; offset--) {
    const char = text.charAt(offset);
    if (")]}".includes(char)) depth++;
    else if ("([{".includes(char) && --depth === 0) return offset;
  }
  return 0;
}
