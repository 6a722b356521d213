import type { AnyNode, Statement } from "acorn";
import { fail } from "../errors.ts";
import { applyEdits, type Edit, lineTable } from "../typescript/edits.ts";
import { importExpressionEdits } from "../typescript/module-syntax.ts";
import { walk } from "../typescript/parse.ts";
import { type Stripped, stripTypes } from "../typescript/strip.ts";
import { lineStart } from "../typescript/syntax-error.ts";
import { type External, withoutExternals } from "./external.ts";

/** A `%%bench` cell taken apart. */
export interface BenchCell {
  /** TypeScript that runs once before; everything else of the cell is blank in it, lines kept. */
  readonly setup: string;
  readonly sides: readonly SideSource[];
}

/** A labelled statement as JavaScript. */
export interface SideSource {
  readonly name: string;
  /**
   * An expression whose value is the side as a function without parameters; its result is what the side computes.
   * Lines are the cell's.
   */
  readonly code: string;
  /** Where the side is one call and nothing else, with arguments that cost nothing to make: that call's expressions. */
  readonly call?: { readonly callee: string; readonly args: string };
  /** Where the side is a shell command or a request. */
  readonly external?: External;
}

/**
 * Splits a cell, magic line included, at its labels. Throws a CellSyntaxError, or the catalogue's errors where it has
 * no sides, two of one name, or statements between them.
 */
export function parseSides(source: string, file: string): BenchCell {
  const { text, external } = withoutExternals(keep(source, lineStart(source, 2), source.length));
  const cell = stripTypes(text, file);
  const offset = offsets(cell, text);
  const first = cell.program.body.findIndex((node) => node.type === "LabeledStatement");
  if (first < 0) throw fail("benchWithoutSides");
  const statements = cell.program.body.slice(first);
  const start = offset(statements[0]?.start ?? 0);
  const names = new Set<string>();
  const sides: SideSource[] = [];
  statements.forEach((node, index) => {
    if (node.type === "EmptyStatement") return;
    if (node.type !== "LabeledStatement") {
      throw fail("benchUnlabelled", lineTable(text)(offset(node.start))[0] + 1);
    }
    const { name } = node.label;
    if (names.has(name)) throw fail("benchTwice", name);
    names.add(name);
    // Up to the next statement rather than to the node's end, whose place is less sure where code was generated.
    const next = statements[index + 1];
    const end = next ? offset(next.start) : text.length;
    const labelled = keep(text, offset(node.start), end);
    sides.push({ name, ...parseSide(labelled, file, external) });
  });
  return { setup: text.slice(0, start), sides };
}

/** Takes one labelled statement, the rest of the cell blank. */
function parseSide(
  text: string,
  file: string,
  external: (literal: unknown) => External | undefined,
): Omit<SideSource, "name"> {
  const { code, program } = stripTypes(text, file);
  const node = program.body.find((statement) => statement.type === "LabeledStatement");
  // The cell was split at this label.
  if (node?.type !== "LabeledStatement") throw new Error("A side lost its label.");
  const { body } = node;
  const literal =
    body.type === "ExpressionStatement" && body.expression.type === "Literal" && body.expression.value;
  const outside = external(literal);
  if (outside) return { code: "", external: outside };
  const edits = [...importExpressionEdits(program), ...returned(body, code)];
  // A label that nothing breaks to goes: an expression is returned whole.
  if (body.type === "ExpressionStatement") edits.push(blank(code, node.start, body.start));
  const async = contains(body, (inner) => inner.type === "AwaitExpression" || isForAwait(inner));
  const { text: edited } = applyEdits(code, edits);
  const call = body.type === "ExpressionStatement" ? plainCall(body.expression, code) : undefined;
  // The first line is the magic's: blank.
  const wrapped = `${async ? "async " : ""}function () {${edited}\n}\n//# sourceURL=${file}`;
  return { code: wrapped, ...(call && { call }) };
}

/** The value of a side is that of its last statement where it is an expression. */
function returned(body: Statement, code: string): Edit[] {
  const last = body.type === "BlockStatement" ? body.body.at(-1) : body;
  if (last?.type !== "ExpressionStatement") return [];
  const { start } = last;
  // Not the expression's own places, which leave out parentheses around it.
  const end = code[last.end - 1] === ";" ? last.end - 1 : last.end;
  // The parenthesis keeps `return` and an expression on the next line together.
  return [
    { start, end: start, text: "return(" },
    { start: end, end, text: ")" },
  ];
}

/** `f(a, 3)`, `ns.f(…)`, `await py.f(…)`: a call that a runtime other than this one can repeat by itself. */
function plainCall(expression: AnyNode, code: string): SideSource["call"] {
  const node = expression.type === "AwaitExpression" ? expression.argument : expression;
  if (node.type !== "CallExpression" || node.optional || !isPath(node.callee)) return undefined;
  if (!node.arguments.every(isCheap)) return undefined;
  const args = node.arguments.map((argument) => code.slice(argument.start, argument.end));
  return { callee: code.slice(node.callee.start, node.callee.end), args: `[${args.join(",")}]` };
}

/** A name, or a property of one: evaluating it once or a thousand times is the same. */
function isPath(node: AnyNode): boolean {
  if (node.type === "Identifier") return true;
  return node.type === "MemberExpression" && !node.computed && !node.optional && isPath(node.object);
}

/** An argument that is there already: a call or a new array in it is work that the other sides would have to do too. */
function isCheap(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
      return true;
    case "Identifier":
    case "MemberExpression":
      return isPath(node);
    case "UnaryExpression":
      return node.operator !== "delete" && isCheap(node.argument);
    case "BinaryExpression":
      return isCheap(node.left) && isCheap(node.right);
    default:
      return false;
  }
}

/** From offsets of the stripped code to offsets of the source. */
function offsets({ code, original }: Stripped, source: string): (offset: number) => number {
  if (!original) return (offset) => offset;
  const place = lineTable(code);
  return (offset) => {
    const [line, column] = original(...place(offset)) ?? [0, 0];
    return lineStart(source, line + 1) + column;
  };
}

const isForAwait = (node: AnyNode) => node.type === "ForOfStatement" && node.await;

/** Whether a node below, but not in a function of its own, is wanted. */
function contains(root: AnyNode, wanted: (node: AnyNode) => boolean): boolean {
  let found = false;
  walk(root, (node) => {
    if (/Function/.test(node.type)) return false;
    found ||= wanted(node);
    return !found;
  });
  return found;
}

const blank = (text: string, start: number, end: number): Edit => ({
  start,
  end,
  text: text.slice(start, end).replace(/[^\r\n]/g, " "),
});

/** The text with everything outside of [start, end) blank. */
function keep(text: string, start: number, end: number): string {
  return blank(text, 0, start).text + text.slice(start, end) + blank(text, end, text.length).text;
}
