import { type Node, parse, tokenizer } from "acorn";
import { fail } from "../errors.ts";
import { stripOnly } from "../typescript/strip-only.ts";

/** The head of a parallel loop: `[i, x] of rows.entries()`. */
export interface Head {
  readonly pattern: string;
  readonly expression: string;
  /** Offset of the expression in the head's text. */
  readonly at: number;
}

/** Reads the head of a loop as it stands in `for (const …)`. Throws the catalogue's `parallelHead`. */
export function parseHead(rest: string): Head {
  const text = rest.trim();
  if (!text) throw fail("parallelHead", "", "It needs a name (or a pattern), `of`, and a list.");
  const before = "for await (const ";
  const of = offsetOfOf(text);
  if (of === undefined) {
    const hint = /\sin\s/.test(text)
      ? "`in` goes over the keys of an object; this goes over items."
      : "There is no `of` in it.";
    throw fail("parallelHead", text, hint);
  }
  const pattern = text.slice(0, of).trim();
  const start = of + 2 + (/^\s*/.exec(text.slice(of + 2))?.[0].length ?? 0);
  const source = text.slice(start).replace(/[\s;]+$/, "");
  if (!source) throw fail("parallelHead", text, "There is nothing after `of`.");
  try {
    // A comment may end the line, so the loop closes on the next one.
    const code = stripOnly(`${before}${pattern} of (${source}\n));`);
    const program = parse(code, { ecmaVersion: "latest", sourceType: "module", preserveParens: true });
    const [loop] = program.body;
    if (
      program.body.length !== 1 ||
      loop?.type !== "ForOfStatement" ||
      loop.right.type !== "ParenthesizedExpression"
    )
      throw new SyntaxError("it holds more than one loop's head");
    const inner: Node = loop.right.expression;
    const shift = before.length + pattern.length + " of (".length;
    // Stripping keeps positions, so the types at the expression's end are still in the text.
    const end = lastCode(source, inner.end - shift);
    return { pattern, expression: source.slice(inner.start - shift, end), at: start + inner.start - shift };
  } catch (error) {
    throw fail("parallelHead", text, reasonOf(error));
  }
}

/** Where the text ends without a comment and a semicolon after the code; `least`: where its JavaScript ends. */
function lastCode(source: string, least: number): number {
  const comment = /^([\s\S]*?)(?:\s*\/\/[^\n]*)?$/.exec(source.slice(least))?.[1] ?? "";
  return least + comment.replace(/[\s;]+$/, "").length;
}

/** Where the `of` stands that ends the pattern; undefined where there is none. */
function offsetOfOf(text: string): number | undefined {
  let depth = 0;
  try {
    for (const token of tokenizer(text, { ecmaVersion: "latest" })) {
      if (/^(?:\(|\[|\{|\$\{)$/.test(token.type.label)) depth++;
      else if (/^(?:\)|\]|\})$/.test(token.type.label)) depth--;
      else if (
        depth === 0 &&
        token.type.label === "name" &&
        text.slice(token.start, token.end) === "of" &&
        token.start > 0
      )
        return token.start;
    }
  } catch {
    // What follows may be TypeScript; the pattern is not.
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  // The type stripper throws objects that are no errors.
  const message = String((error as { message?: unknown }).message ?? error);
  return `It does not parse: ${message.replace(/ \(\d+:\d+\)$/, "").split("\n", 1)[0]}.`;
}
