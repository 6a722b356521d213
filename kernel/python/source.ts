/** Python's text read without Python: what it defines and where. Text that is being written, and need not parse, is read as far as it goes. */

/** A function or class of a text. Offsets in UTF-16 units. */
export interface Definition {
  readonly kind: "function" | "class";
  readonly name: string;
  readonly nameStart: number;
  /** From its decorators to the end of its last line. */
  readonly start: number;
  readonly end: number;
  /** Of the line of `def` or `class`. */
  readonly headStart: number;
  readonly async: boolean;
  /** What stands in the parentheses, comments blanked; undefined without any. */
  readonly arguments: string | undefined;
  /** The annotation of what it returns. */
  readonly returns: string | undefined;
  /** Without `@`. */
  readonly decorators: readonly string[];
  readonly docstring: string | undefined;
  /** Whether it stands in an `if`, `try` or another statement that decides whether it is defined. */
  readonly conditional: boolean;
  readonly children: readonly Definition[];
  /** Variables of its own body. */
  readonly variables: readonly Variable[];
}

/** `name: annotation = value`, each part where it is there. */
export interface Variable {
  readonly name: string;
  readonly nameStart: number;
  readonly end: number;
  readonly annotation: string | undefined;
  readonly value: string | undefined;
}

/** A text's definitions and variables, outside of functions and classes. */
export interface Source {
  readonly definitions: readonly Definition[];
  readonly variables: readonly Variable[];
}

/** Reads a text. */
export function readSource(text: string): Source {
  const { plain, code } = withoutTexts(text);
  const top: Scope = { indent: -1, definitions: [], variables: [], conditional: false };
  const scopes: Scope[] = [top];
  let decorators: { start: number; text: string }[] = [];
  const close = (scope: Scope | undefined) => {
    if (scope?.open) scope.open.end = scope.end ?? scope.open.end;
  };
  for (const { start, end, indent } of linesOf(plain)) {
    while ((scopes.at(-1)?.indent ?? -1) >= indent) close(scopes.pop());
    for (const scope of scopes) scope.end = end;
    const scope = scopes.at(-1) ?? top;
    const line = plain.slice(start, end);
    if (line.startsWith("@")) {
      decorators.push({ start, text: code.slice(start + 1, end).trim() });
      continue;
    }
    const head = /^(?:(async)\s+)?(def|class)\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(line);
    const owner = scopes.findLast((one) => one.open || one === top) ?? top;
    if (head) {
      const [form, async, keyword, name = ""] = head;
      const nameStart = start + form.length - name.length;
      const opening = /^(?:\s*\[[^\]]*\])?\s*\(/.exec(plain.slice(nameStart + name.length, end))?.[0].length;
      const from = nameStart + name.length + (opening ?? 0);
      const to = opening === undefined ? from : (closing(plain, from, end) ?? end);
      const colon = headEnd(plain, to, end);
      const definition: OpenDefinition = {
        kind: keyword === "def" ? "function" : "class",
        name,
        nameStart,
        start: decorators[0]?.start ?? start,
        end,
        headStart: start,
        async: async !== undefined,
        arguments: opening === undefined ? undefined : code.slice(from, to),
        returns: /^\)?\s*->\s*([\s\S]+)$/.exec(code.slice(to, colon))?.[1]?.trim(),
        decorators: decorators.map((one) => one.text),
        docstring: docstringAt(text, colon + 1),
        conditional: scopes.some((one) => one.conditional && one.indent > owner.indent),
        children: [],
        variables: [],
      };
      owner.definitions.push(definition);
      scopes.push({
        indent,
        open: definition,
        definitions: definition.children,
        variables: definition.variables,
        conditional: false,
        end,
      });
    } else {
      const variable = variableIn(plain, code, start, end);
      if (variable && owner === scope) owner.variables.push(variable);
      if (/:\s*$/.test(line) && !variable)
        scopes.push({ indent, definitions: [], variables: [], conditional: true, end });
    }
    decorators = [];
  }
  while (scopes.length > 0) close(scopes.pop());
  return top;
}

type OpenDefinition = Omit<Definition, "end" | "children" | "variables"> & {
  end: number;
  children: Definition[];
  variables: Variable[];
};

interface Scope {
  readonly indent: number;
  readonly open?: OpenDefinition;
  readonly definitions: Definition[];
  readonly variables: Variable[];
  readonly conditional: boolean;
  /** Of its last line. */
  end?: number;
}

/** The first paragraph of a docstring, on one line; undefined where there is none. */
export function firstParagraph(docstring: string | undefined): string | undefined {
  const [first = ""] = (docstring ?? "").trim().split(/\n[ \t]*\n/);
  return first.replace(/\s+/g, " ") || undefined;
}

/** The parts between commas that stand in no brackets and no quotes. `code`: without comments. */
export function separated(code: string): string[] {
  const { plain } = withoutTexts(code);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  // A lambda's parameters have commas, up to its colon.
  let inLambda = false;
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 0 && character === "l" && /^(?<!\w)lambda\b/.test(plain.slice(at, at + 7)))
      inLambda = true;
    else if (depth === 0 && character === ":") inLambda = false;
    else if (character === "," && depth === 0 && !inLambda) {
      parts.push(code.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, code.slice(start)].map((part) => part.trim()).filter((part) => part !== "");
}

const TEXT =
  /#[^\n]*|"""(?:[^\\]|\\[\s\S])*?(?:"""|$(?![\s\S]))|'''(?:[^\\]|\\[\s\S])*?(?:'''|$(?![\s\S]))|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/g;

/** What begins a statement at the start of a line, also where a bracket above was left open. */
const STATEMENT = /^(?:async\s+def|def|class|import|from)\b[ \t]|^@\w/;

/**
 * A text of the same length in which each line break ends a statement: texts in quotes and comments are blanked, and line breaks in
 * brackets; and the text with its comments blanked only.
 */
function withoutTexts(text: string): { plain: string; code: string } {
  const code = text.replace(TEXT, (piece) => (piece.startsWith("#") ? " ".repeat(piece.length) : piece));
  const blanked = text.replace(TEXT, (piece) => (piece.startsWith("#") ? " " : "_").repeat(piece.length));
  const characters = [...Array(blanked.length).keys()].map((at) => blanked[at] ?? "");
  let depth = 0;
  for (let at = 0; at < blanked.length; at++) {
    const character = blanked[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
    else if (character === "\n") {
      if (depth > 0 && STATEMENT.test(blanked.slice(at + 1, at + 20))) depth = 0;
      if (depth > 0 || blanked[at - 1] === "\\") characters[at] = " ";
    }
  }
  return { plain: characters.join(""), code };
}

/** The lines with something on them; `start` is behind the indentation, `end` behind the last sign. A tab counts up to the next eighth column. */
function* linesOf(plain: string): Generator<{ start: number; end: number; indent: number }> {
  for (const { 0: line, index } of plain.matchAll(/[^\n]+/g)) {
    const spaces = /^[ \t\r\f]*/.exec(line)?.[0] ?? "";
    if (spaces.length === line.length) continue;
    let indent = 0;
    for (const one of spaces) indent = one === "\t" ? indent + 8 - (indent % 8) : indent + 1;
    yield { start: index + spaces.length, end: index + line.trimEnd().length, indent };
  }
}

/** Where the bracket closes that was opened before `from`. */
function closing(plain: string, from: number, end: number): number | undefined {
  let depth = 1;
  for (let at = from; at < end; at++) {
    const character = plain[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character) && --depth === 0) return at;
  }
  return undefined;
}

/** Where the colon stands that ends the head of a definition. */
function headEnd(plain: string, from: number, end: number): number {
  let depth = 0;
  for (let at = plain[from] === ")" ? from + 1 : from; at < end; at++) {
    const character = plain[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === ":" && depth === 0) return at;
  }
  return end;
}

/** The docstring of the body that begins behind a colon. */
function docstringAt(text: string, from: number): string | undefined {
  const rest = text.slice(from).replace(/^(?:\s|#[^\n]*\n)*/, "");
  const [whole = "", quotes = "", body] =
    /^[rRuU]?("""|''')([\s\S]*?)\1/.exec(rest) ?? /^[rRuU]?(["'])((?:[^"'\\\n]|\\.)*)\1/.exec(rest) ?? [];
  if (body === undefined) return undefined;
  return whole.startsWith("r") || quotes.length === 1 ? body : body.replace(/\\\n/g, "");
}

const KEYWORDS = new Set([
  "else",
  "try",
  "finally",
  "except",
  "lambda",
  "match",
  "case",
  "with",
  "if",
  "while",
  "for",
]);

function variableIn(plain: string, code: string, start: number, end: number): Variable | undefined {
  const line = plain.slice(start, end);
  const [head = "", type = "", name = ""] =
    /^(type\s+)?([\p{L}_][\p{L}\p{N}_]*)\s*(?=:(?!=)|=(?!=))/u.exec(line) ?? [];
  if (head === "" || KEYWORDS.has(name)) return undefined;
  const from = start + head.length;
  let equals = -1;
  let depth = 0;
  for (let at = from; at < end && equals < 0; at++) {
    const character = plain[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "=" && depth === 0) equals = at;
  }
  const annotation = plain[from] === ":" ? code.slice(from + 1, equals < 0 ? end : equals).trim() : undefined;
  // An `if x:` of one name has no annotation.
  if (annotation === "") return undefined;
  const value = equals < 0 ? undefined : code.slice(equals + 1, end).trim();
  return { name, nameStart: start + type.length, end, annotation: type ? "TypeAlias" : annotation, value };
}

/** Where the names of a text's top level are written: functions, classes and variables, the latest of each name. UTF-16 offsets. */
export function topLevelNames(text: string): Map<string, { start: number; end: number }> {
  const { definitions, variables } = readSource(text);
  const names = [...definitions, ...variables].sort((a, b) => a.nameStart - b.nameStart);
  return new Map(
    names.map(({ name, nameStart }) => [name, { start: nameStart, end: nameStart + name.length }]),
  );
}

/** Statements with a block below them, and those that take more than one line. UTF-16 offsets. */
export function blocksOf(text: string): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = [];
  const open: { start: number; end: number; indent: number }[] = [];
  for (const line of linesOf(withoutTexts(text).plain)) {
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= line.indent) blocks.push(...open.splice(-1));
    for (const one of open) one.end = line.end;
    open.push({ ...line });
  }
  return [...blocks, ...open].sort((a, b) => a.start - b.start).map(({ start, end }) => ({ start, end }));
}
