import { typeOfAnnotation } from "./annotation.ts";

/**
 * What the annotations at the top level of a Python text say to TypeScript: types of the members of `py` by their names,
 * such as `PythonFunction<(n: number | bigint) => Promise<bigint>>` and `PromiseLike<number>`. `int`: its ints become numbers.
 * `classes`: the dataclasses known so far, by name; those of the text are added.
 */
export function signaturesOf(text: string, int: boolean, classes: Map<string, string>): Map<string, string> {
  const members = new Map<string, string>();
  for (const [, name = "", fields = ""] of text.matchAll(DATACLASS))
    classes.set(name, recordOf(fields, int, classes));
  const typeOf = (annotation: string | undefined) =>
    annotation === undefined ? undefined : typeOfAnnotation(annotation.trim(), int, classes);
  for (const match of text.matchAll(DEFINITION)) {
    const rest = text.slice(match.index + match[0].length);
    const end = closing(rest);
    if (end === undefined) continue;
    const returned = /^\s*->\s*([^:\n]+(?:\[[^\]]*\])?)\s*:/.exec(rest.slice(end + 1))?.[1];
    const parameters = parametersOf(rest.slice(0, end), (annotation) => typeOf(annotation));
    members.set(match[1] ?? "", `PythonFunction<(${parameters}) => Promise<${typeOf(returned) ?? "any"}>>`);
  }
  for (const [, name = "", annotation] of text.matchAll(VARIABLE)) {
    const type = KEYWORDS.has(name) ? undefined : typeOf(annotation);
    if (type) members.set(name, `PromiseLike<${type}>`);
  }
  return members;
}

const DEFINITION = /^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm;
const VARIABLE = /^(\w+)[ \t]*:[ \t]*([^=#\n]+)/gm;
/** A decorated class and the lines of its body. */
const DATACLASS =
  /^@(?:dataclasses\.)?dataclass\b[^\n]*\n(?:@[^\n]*\n)*class[ \t]+(\w+)[^\n]*:[^\n]*\n((?:[ \t]+[^\n]*\n?|[ \t]*\n)*)/gm;
const KEYWORDS = new Set(["else", "try", "finally", "except", "lambda"]);

function recordOf(body: string, int: boolean, classes: ReadonlyMap<string, string>): string {
  const fields = [...body.matchAll(/^(?: {4}|\t)(\w+)[ \t]*:[ \t]*([^=#\n]+)/gm)].map(
    ([, name, annotation = ""]) => `${name}: ${typeOfAnnotation(annotation.trim(), int, classes) ?? "any"}`,
  );
  return `{ ${fields.join("; ")} }`;
}

/** Where the parenthesis that is open at the start closes; texts in quotes are skipped. */
function closing(text: string): number | undefined {
  let depth = 1;
  for (const { 0: piece, index } of text.matchAll(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[([{]|[)\]}]/g,
  )) {
    if (/^[([{]$/.test(piece)) depth++;
    else if (/^[)\]}]$/.test(piece) && --depth === 0) return index;
  }
  return undefined;
}

/** TypeScript's parameters for Python's, up to those that only go by name. */
function parametersOf(text: string, typeOf: (annotation: string | undefined) => string | undefined): string {
  const parameters: string[] = [];
  for (const one of separated(text)) {
    const [, stars = "", name = "", annotation, standard] =
      /^(\**)\s*(\w*)\s*(?::\s*([\s\S]+?))?\s*(=[\s\S]*)?$/.exec(one) ?? [];
    if (one === "/") continue;
    if (stars === "*" && name) parameters.push(`...${name}: (${input(typeOf(annotation))})[]`);
    // Behind a star, names alone; after `**` nothing stands.
    if (stars) break;
    if (name) parameters.push(`${name}${standard === undefined ? "" : "?"}: ${input(typeOf(annotation))}`);
  }
  return parameters.join(", ");
}

/** What is taken where a type is given: any whole number as an int, any array as a list, bytes of any kind. */
function input(type: string | undefined): string {
  if (type === undefined) return "any";
  const wide = type
    .replace(/\bbigint\b/g, "(number | bigint)")
    .replace(/\bUint8Array\b/g, "(Uint8Array | ArrayBuffer)");
  return wide.endsWith("[]") && !wide.includes(" | null") ? `ArrayLike<${wide.slice(0, -2)}>` : wide;
}

/** The parts between commas that stand in no brackets and no quotes, comments left out. */
function separated(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[^"'#]/g)) {
    if (piece.startsWith("#")) continue;
    if (/^[([{]$/.test(piece)) depth++;
    if (/^[)\]}]$/.test(piece)) depth--;
    if (piece === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
