import type { AnyNode, ImportDeclaration, Program } from "acorn";
import type { ImportBinding } from "../engine/engine.ts";
import type { Edit } from "./edits.ts";
import { walk } from "./parse.ts";

/** The names that an import declaration binds. */
export function bindingsOf(node: ImportDeclaration): ImportBinding[] {
  const specifier = String(node.source.value);
  return node.specifiers.map((binding) => {
    const local = binding.local.name;
    if (binding.type === "ImportDefaultSpecifier") return { local, specifier, imported: "default" };
    if (binding.type === "ImportNamespaceSpecifier") return { local, specifier, imported: "*" };
    return { local, specifier, imported: nameOf(binding.imported) };
  });
}

/**
 * What stands in an import's place:
 * `let {"default": a, "b": c} = await __tandem_import("m", attributes, ["default", "b"], ["b"]);`, where the last list has
 * the names that the script uses for no value: they may be types. Without any line break; empty where nothing but types
 * was imported.
 */
export function importCall(code: string, node: ImportDeclaration, values: ReadonlySet<string>): string {
  // Stripping leaves `import { } from "m"`.
  if (/^import\s*\{\s*\}/.test(code.slice(node.start, node.end))) return "";
  const bindings = bindingsOf(node);
  const named = bindings.filter(({ imported }) => imported !== "*");
  const namespace = bindings.find(({ imported }) => imported === "*");
  const pattern = `{${named.map(({ imported, local }) => `${JSON.stringify(imported)}: ${local}`).join(", ")}}`;
  const attributes = node.attributes.map(
    ({ key, value }) => `${JSON.stringify(nameOf(key))}: ${JSON.stringify(value.value)}`,
  );
  const list = [JSON.stringify(node.source.value)];
  if (attributes.length > 0) list.push(`{${attributes.join(", ")}}`);
  else if (named.length > 0) list.push("undefined");
  if (named.length > 0) list.push(JSON.stringify(named.map(({ imported }) => imported)));
  const unused = named.filter(({ local }) => !values.has(local));
  if (unused.length > 0) list.push(JSON.stringify(unused.map(({ imported }) => imported)));
  const call = `await __tandem_import(${list.join(", ")})`;
  if (namespace)
    return `let ${namespace.local} = ${call}${named.length > 0 ? `, ${pattern} = ${namespace.local}` : ""};`;
  return named.length > 0 ? `let ${pattern} = ${call};` : `${call};`;
}

/** The identifiers that stand outside of imports, whatever they are: a name that is not among them is used for no value. */
export function valueNames(program: Program): Set<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") names.add(node.name);
    return node.type !== "ImportDeclaration";
  });
  return names;
}

const nameOf = (node: AnyNode): string =>
  node.type === "Identifier" ? node.name : node.type === "Literal" ? String(node.value) : "";

/** `import(m, { with: a })` becomes `__tandem_import(m, ({ with: a })?.with)`, `import.meta` `__tandem_meta`. */
export function importExpressionEdits(program: Program): Edit[] {
  const edits: Edit[] = [];
  walk(program, (node) => {
    if (node.type === "MetaProperty" && node.meta.name === "import")
      edits.push({ start: node.start, end: node.end, text: "__tandem_meta" });
    if (node.type === "ImportExpression") {
      edits.push({ start: node.start, end: node.start + "import".length, text: "__tandem_import" });
      const { options } = node;
      if (options) edits.push(insert(options.start, "("), insert(options.end, ")?.with"));
    }
    return undefined;
  });
  return edits;
}

const insert = (at: number, text: string): Edit => ({ start: at, end: at, text });
