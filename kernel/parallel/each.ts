import { boundNames } from "../typescript/parse.ts";
import { readCell } from "../typescript/read-cell.ts";

/** The names that a set-up declares at its top level, imports among them; which of them can be assigned to. */
export function declaredIn(body: string, file: string): { name: string; writable: boolean }[] {
  const { program } = readCell(`\n${body}`, file, { returns: true });
  const found: { name: string; writable: boolean }[] = [];
  for (const node of program.body) {
    if (node.type === "ImportDeclaration")
      for (const { local } of node.specifiers) found.push({ name: local.name, writable: false });
    else if (node.type === "VariableDeclaration")
      for (const { id } of node.declarations)
        for (const name of boundNames(id))
          found.push({ name, writable: node.kind === "let" || node.kind === "var" });
    else if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && node.id)
      found.push({ name: node.id.name, writable: true });
  }
  return found;
}

/** The statement that makes a set-up's variables known to the items of its worker: they see the same ones. */
export function ownText(declared: readonly { name: string; writable: boolean }[]): string {
  if (declared.length === 0) return "";
  const accessors = declared.map(
    ({ name, writable }) =>
      `get ${name}(){return ${name}},${writable ? `set ${name}(__v){${name}=__v}` : `set ${name}(__v){throw new TypeError("Assignment to constant variable.")}`}`,
  );
  return `__own({${accessors.join(",")}});`;
}
