import type { Script } from "../protocol.ts";
import type { FunctionNode, ScopeNode } from "./nodes.ts";

/** A script, and its functions and scopes in the order of their numbers in it. */
export interface LaidOut {
  readonly script: Script;
  readonly functions: readonly FunctionNode[];
  readonly scopes: readonly ScopeNode[];
}

/**
 * Writes functions that share variables into one script, each at its true line and, where there is room, its true
 * column. The script is a function of `{ make, set, member }`: it puts a maker of each function into `make`, and
 * setters of each scope's variables into `set`.
 */
export function layOut(start: FunctionNode | ScopeNode): LaidOut {
  const writer = new Writer(Math.max(-1, firstPlace(start).line - 1));
  const laidOut = { functions: [], scopes: [] };
  writer.write("(function(__t){");
  if ("kind" in start) writeFunction(writer, start, laidOut);
  else writeScope(writer, start, laidOut);
  writer.write("})");
  return { script: { text: writer.text, file: firstPlace(start).file, line: writer.firstLine }, ...laidOut };
}

interface Numbered {
  readonly functions: FunctionNode[];
  readonly scopes: ScopeNode[];
}

function writeScope(writer: Writer, scope: ScopeNode, numbered: Numbered): void {
  const names = [...scope.used.keys()];
  const index = numbered.scopes.push(scope) - 1;
  // `let`, also for what was constant: it gets its value later.
  if (names.length > 0) writer.write(`{let ${names.join(",")};`);
  else writer.write("{");
  writer.write(`__t.set[${index}]={${names.map((name) => `${name}:__v=>{${name}=__v}`).join(",")}};`);
  const inside = [...scope.functions, ...scope.children.filter(hasFunctions)];
  inside.sort(
    (a, b) => firstPlace(a).line - firstPlace(b).line || firstPlace(a).column - firstPlace(b).column,
  );
  for (const each of inside) {
    if ("kind" in each) writeFunction(writer, each, numbered);
    else writeScope(writer, each, numbered);
  }
  writer.write("}");
}

function writeFunction(writer: Writer, node: FunctionNode, numbered: Numbered): void {
  const index = numbered.functions.push(node) - 1;
  const [before, after] = node.facts.form === "method" ? ["__t.member({", "})"] : ["(", ")"];
  writer.write(`__t.make[${index}]=()=>${before}`);
  writer.moveTo(node.place.line, node.place.column);
  writer.write(`${node.source}${after};`);
}

const hasFunctions = (scope: ScopeNode): boolean =>
  scope.functions.length > 0 || scope.children.some(hasFunctions);

function firstPlace(start: FunctionNode | ScopeNode): FunctionNode["place"] {
  if ("kind" in start) return start.place;
  const places = [...start.functions, ...start.children.filter(hasFunctions)].map(firstPlace);
  return places.reduce((first, place) => (place.line < first.line ? place : first));
}

/** Text that knows on which line and column of a file it is. */
class Writer {
  text = "";
  readonly firstLine: number;
  #line: number;
  #column = 0;

  constructor(firstLine: number) {
    this.firstLine = firstLine;
    this.#line = firstLine;
  }

  write(text: string): void {
    this.text += text;
    const lines = text.split("\n");
    this.#line += lines.length - 1;
    this.#column = (lines.length > 1 ? 0 : this.#column) + (lines.at(-1)?.length ?? 0);
  }

  /** Goes on at a place, unless the text is past it. */
  moveTo(line: number, column: number): void {
    if (this.#line < line) this.write("\n".repeat(line - this.#line));
    if (this.#line === line && this.#column < column) this.write(" ".repeat(column - this.#column));
  }
}
