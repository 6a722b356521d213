import { fail } from "../../errors.ts";
import { walk } from "../../typescript/parse.ts";
import { stripTypes } from "../../typescript/strip.ts";
import { refuse } from "../refuse.ts";
import type { CellView } from "./views.ts";

/** Words that no variable can be called, in a module. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static super switch " +
    "this throw true try typeof var void while with yield"
  ).split(" "),
);

/** Refuses what is no name; properties may be called by words of the language. */
export function requireName(name: string, isProperty = false): void {
  const isReserved = !isProperty && RESERVED.has(name);
  if (isReserved || !/^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
    refuse(fail("renameToNoName", name, isReserved));
}

/** Refuses to give a name of a cell's top level one that a cell has for something else. `views`: of the cells that would be changed. */
export function requireFree(name: string, declaring: number | undefined, views: readonly CellView[]): void {
  if (declaring !== undefined) refuse(fail("renameTaken", name, declaring + 1, "declares"));
  const using = views.find(({ text }) => mentions(text, name));
  if (using) refuse(fail("renameTaken", name, using.cell.index + 1, "uses"));
}

/** Whether a text has an identifier that is no property's: in its JavaScript, or anywhere where it does not parse. */
export function mentions(text: string, name: string): boolean {
  const word = new RegExp(
    `(?<![\\p{ID_Continue}$#.])${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`,
    "u",
  );
  if (!word.test(text)) return false;
  try {
    let found = false;
    const { program } = stripTypes(text, "cell.ts");
    walk(program, (node, parent) => {
      if (node.type !== "Identifier" || node.name !== name) return true;
      const isKey =
        (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) ||
        (parent?.type === "Property" && parent.key === node && !parent.computed && !parent.shorthand);
      found ||= !isKey;
      return true;
    });
    return found;
  } catch {
    return true;
  }
}
