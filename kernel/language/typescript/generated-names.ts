import type { Position } from "vscode-languageserver";

/** A name that stands in declarations which are generated for a cell of another language. */
export interface GeneratedName {
  /** With what it is a member of before it: `["orders", "Order", "total"]`, `["py", "mean"]`. */
  readonly path: readonly string[];
  readonly start: Position;
  /** A property of an object: it is called as in its own language, also where TypeScript reserves the word. */
  readonly isProperty: boolean;
}

const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const HEAD = new RegExp(`^(?:declare|export) (?:const|let|class|interface|type|namespace) (${NAME})`, "u");
const MEMBER = new RegExp(`^(?:(?:static )?readonly |[gs]et )(${NAME})`, "u");
const TYPE = new RegExp(`^(?:declare|export) type (${NAME})`, "u");
const VARIANT = /^\| \{ kind: "([^"]*)"/;
const PROPERTY = new RegExp(`^(${NAME})\\??: `, "u");

/**
 * The names of generated declarations, members included, as kernel/rust/declarations.ts and kernel/python/magic.ts write them: each stands
 * on a line of its own.
 */
export function generatedNames(text: string): GeneratedName[] {
  const found: GeneratedName[] = [];
  /** What is declared around a line, an entry for each open brace; empty for braces that hold no names. */
  const around: (readonly string[])[] = [];
  let inComment = false;
  let type = "";
  for (const [line, whole] of text.split("\n").entries()) {
    inComment ||= whole.startsWith("/**");
    if (inComment) {
      inComment = !whole.includes("*/");
      continue;
    }
    const own = HEAD.exec(whole) ?? MEMBER.exec(whole) ?? /^(constructor)(?=\()/.exec(whole);
    const [form = "", name] = own ?? PROPERTY.exec(whole) ?? [];
    if (name !== undefined) {
      const start = { line, character: own ? form.length - name.length : 0 };
      found.push({ path: [...around.flat(), name], start, isProperty: !own });
    }
    type = TYPE.exec(whole)?.[1] ?? type;
    // The variants of an enum are no names to TypeScript: `kind` says which one has a field.
    const variant = VARIANT.exec(whole)?.[1];
    let opened = variant !== undefined ? [type, variant] : own && name !== undefined ? [name] : [];
    for (const brace of whole.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[{}]/g) ?? []) {
      if (brace === "}") around.pop();
      else {
        around.push(opened);
        opened = [];
      }
    }
  }
  return found;
}
