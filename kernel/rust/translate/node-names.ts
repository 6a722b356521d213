import type { AnyNode } from "acorn";

const KNOWN_AS: Readonly<Record<string, string>> = {
  ArrayExpression: "an array literal",
  ArrowFunctionExpression: "a function within it",
  AssignmentExpression: "an assignment as a value",
  AwaitExpression: "await",
  ClassDeclaration: "a class",
  ClassExpression: "a class",
  ForInStatement: "for … in",
  FunctionDeclaration: "a function within it",
  FunctionExpression: "a function within it",
  LabeledStatement: "a label",
  LogicalExpression: "??",
  NewExpression: "new",
  ObjectExpression: "an object literal",
  SwitchStatement: "switch",
  TemplateLiteral: "a template",
  ThisExpression: "this",
  ThrowStatement: "throw",
  TryStatement: "try",
  UpdateExpression: "++ or -- as a value",
  YieldExpression: "yield",
};

/** What kind of code a node is, in the words of who wrote it. */
export const nameOf = (node: AnyNode): string => KNOWN_AS[node.type] ?? `a ${node.type}`;
