import { boundNames, parseModule } from "../../typescript/parse.ts";
import { stripOnly } from "../../typescript/strip-only.ts";
import { type Head, parseHead } from "../head.ts";

/** The head of a parallel loop as far as it is written. */
export interface LooseHead extends Head {
  /** What closes the pattern's and the expression's open brackets and quotes; empty where the head is whole. */
  readonly closePattern: string;
  readonly closeExpression: string;
}

/** Reads a head that may be half-typed; undefined where nothing of one is there. `rest`: without spaces at its start. */
export function looseHead(rest: string): LooseHead | undefined {
  try {
    return { ...parseHead(rest), closePattern: "", closeExpression: "" };
  } catch {
    return halfTyped(rest);
  }
}

/** The names that a head gives the body. */
export function patternNames(head: LooseHead | undefined): string[] {
  if (!head) return [];
  try {
    const [statement] = parseModule(stripOnly(`let ${head.pattern}${head.closePattern}=0`)).program.body;
    if (statement?.type !== "VariableDeclaration") return [];
    return statement.declarations.flatMap(({ id }) => boundNames(id));
  } catch {
    return [];
  }
}

function halfTyped(rest: string): LooseHead | undefined {
  const of = /\sof(?=\s|$)/.exec(rest)?.index;
  if (of === undefined) {
    // A pattern whose list is still to come.
    const [pattern = ""] =
      /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|\[[^[\]{}()]*\]|\{[^[\]{}()]*\})/u.exec(rest) ?? [];
    if (pattern === "") return undefined;
    return { pattern, expression: "", at: pattern.length, closePattern: "", closeExpression: "" };
  }
  const pattern = rest.slice(0, of).trim();
  const after = rest.slice(of + 3);
  const at = of + 3 + (/^\s*/.exec(after)?.[0].length ?? 0);
  const { code, close } = openIn(rest.slice(at));
  return { pattern, expression: code, at, closePattern: openIn(pattern).close, closeExpression: close };
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** A text without a comment at its end, and what closes what is open in it. */
function openIn(text: string): { code: string; close: string } {
  const open: string[] = [];
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote !== "") {
      if (character === "\\") i++;
      else if (character === quote) quote = "";
      else if (quote === "`" && character === "$" && text[i + 1] === "{") {
        open.push("`", "{");
        quote = "";
        i++;
      }
    } else if (character === "/" && text[i + 1] === "/") {
      return { code: text.slice(0, i).trimEnd(), close: closing(open, "") };
    } else if (/["'`]/.test(character)) quote = character;
    else if (character in CLOSING) open.push(character);
    else if (/[)\]}]/.test(character)) {
      open.pop();
      if (open.at(-1) === "`") quote = open.pop() ?? "";
    }
  }
  return { code: text.trimEnd(), close: closing(open, quote) };
}

const closing = (open: readonly string[], quote: string): string =>
  quote +
  [...open]
    .reverse()
    .map((one) => CLOSING[one] ?? one)
    .join("");
