/** Jupyter's answers to what is asked of a cell that is being written, as editors take them; nothing here knows VS Code. */
import { toUtf16 } from "../kernel/wire/codepoints.ts";

type Content = Readonly<Record<string, unknown>>;

export interface Completion {
  readonly text: string;
  /** Jupyter's word for what it is; empty where none was given. */
  readonly kind: string;
}

/** Offsets in UTF-16 units of the text that a match replaces. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

/** What a `complete_reply` says of a text. */
export function completionsOf(content: Content, text: string): Completions {
  const { matches, cursor_start: start, cursor_end: end, metadata } = content;
  const kinds = new Map<string, string>();
  for (const one of list(field(metadata, "_jupyter_types_experimental"))) {
    const [name, type] = [field(one, "text"), field(one, "type")];
    if (typeof name === "string" && typeof type === "string") kinds.set(name, type);
  }
  const texts = list(matches).filter((one) => typeof one === "string");
  return {
    start: toUtf16(text, typeof start === "number" ? start : 0),
    end: toUtf16(text, typeof end === "number" ? end : 0),
    items: texts.map((one) => ({ text: one, kind: kinds.get(one) ?? "" })),
  };
}

/** What an `inspect_reply` says, as Markdown where it has it; undefined where nothing is known. */
export function inspectionOf({ found, data }: Content): string | undefined {
  if (found !== true) return undefined;
  const shown = field(data, "text/markdown") ?? field(data, "text/plain");
  return typeof shown === "string" ? shown : undefined;
}

/** A signature with where its parameters stand in it, in UTF-16 units, and what is said below it, as Markdown. */
export interface Signature {
  readonly label: string;
  readonly parameters: readonly (readonly [start: number, end: number])[];
  readonly documentation: string;
}

/** The signature at the head of a kernel's Markdown (a fenced block, then text); undefined where it is none of a call. */
export function signatureIn(markdown: string): Signature | undefined {
  const [head, label = ""] = /^```\w*\n([\s\S]*?)\n```\n*/.exec(markdown) ?? [];
  const opening = label.indexOf("(");
  if (head === undefined || opening < 0) return undefined;
  const parameters = argumentsBehind(label, opening).filter(([start, end]) => {
    const text = label.slice(start, end);
    // Marks between kinds of parameters; a method's class is not given.
    return text !== "" && text !== "/" && text !== "*";
  });
  return { label, parameters, documentation: markdown.slice(head.length) };
}

/** A call that is being written: where its parenthesis opens, and its arguments up to the cursor, the last the one that is written. */
export interface OpenCall {
  readonly opening: number;
  readonly arguments: readonly string[];
}

/** The innermost call around a cursor in Python; undefined where there is none, or in a text. Offsets in UTF-16 units. */
export function callAround(text: string, offset: number): OpenCall | undefined {
  const plain = withoutTexts(text.slice(0, offset));
  if (plain === undefined) return undefined;
  const open: number[] = [];
  for (const [at, character] of [...plain].entries()) {
    if ("([{".includes(character)) open.push(at);
    else if (")]}".includes(character)) open.pop();
  }
  const opening = open.findLast(
    (at) => plain[at] === "(" && /[\w)\]]\s*$/.test(plain.slice(0, at)) && !NO_CALL.test(plain.slice(0, at)),
  );
  if (opening === undefined) return undefined;
  return {
    opening,
    arguments: argumentsBehind(plain, opening).map(([start, end]) => text.slice(start, end)),
  };
}

/** Which parameter an open call's last argument is for; undefined where none takes it. */
export function activeParameter({ label, parameters }: Signature, call: OpenCall): number | undefined {
  const names = parameters.map(([start, end]) => label.slice(start, end));
  const keyword = /^\s*(\w+)\s*=(?!=)/.exec(call.arguments.at(-1) ?? "")?.[1];
  const star = names.findIndex((name) => /^\*[^*]/.test(name));
  const rest = names.findIndex((name) => name.startsWith("**"));
  const position = call.arguments.length - 1;
  let index = star >= 0 && position > star ? star : position;
  if (keyword !== undefined) {
    index = names.findIndex((name) => /^\w+/.exec(name)?.[0] === keyword);
    if (index < 0) index = rest;
  }
  return index >= 0 && index < names.length ? index : undefined;
}

const NO_CALL =
  /(?:\b(?:def|class)\s+\w+|\b(?:if|elif|while|for|in|and|or|not|return|yield|await|lambda|else|is|assert|del|print\s+))\s*$/;

/** The parts between the commas behind an open bracket, up to where it closes or the text ends, trimmed. */
function argumentsBehind(text: string, opening: number): [start: number, end: number][] {
  const plain = withoutTexts(text, true) ?? text;
  const parts: [number, number][] = [];
  let start = opening + 1;
  let depth = 1;
  let at = start;
  for (; at < plain.length && depth > 0; at++) {
    const character = plain[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if ((character === "," && depth === 1) || depth === 0) {
      parts.push([start, at]);
      start = at + 1;
    }
  }
  if (depth > 0) parts.push([start, at]);
  return parts.map(([from, to]) => {
    const part = text.slice(from, to);
    return [from + part.length - part.trimStart().length, from + part.trimEnd().length];
  });
}

/** Python with the same length, its comments and texts in quotes as underscores; undefined where it ends in one, unless it may. */
function withoutTexts(text: string, mayEnd = false): string | undefined {
  let ends = false;
  const plain = text.replace(TEXT, (piece, ...rest) => {
    const at = Number(rest.at(-2));
    const quotes = /^("""|'''|"|')/.exec(piece)?.[0];
    const closed = quotes && piece.length >= 2 * quotes.length && piece.endsWith(quotes);
    if (at + piece.length === text.length && !closed) ends = true;
    return "_".repeat(piece.length);
  });
  return ends && !mayEnd ? undefined : plain;
}

const TEXT =
  /#[^\n]*|"""(?:[^\\]|\\[\s\S])*?(?:"""|$(?![\s\S]))|'''(?:[^\\]|\\[\s\S])*?(?:'''|$(?![\s\S]))|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?/g;

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
