import type { BelowLine, MagicCell, WrittenCell } from "../../cells/magic.ts";
import { problemError, remedyFor } from "../capture/problems.ts";
import { scopeOf } from "./scope.ts";
import { usesOf } from "./uses.ts";

/**
 * Lines below a %%parallel cell's view that ask the type service of each name that the body has from outside whether its
 * type is of something that cannot go to a worker. `first`: the number of the first of them in the view, from 1.
 */
export function capturedLines(
  cell: Pick<MagicCell, "rest" | "body">,
  first: number,
): { text: string; below: BelowLine[] } {
  const uses = usesOf(cell);
  const names = uses?.names.filter(({ reads }) => reads.length > 0) ?? [];
  const below = names.map(({ name, reads: [offset = 0] }, index): BelowLine => {
    const start = uses?.place(offset) ?? { line: 0, character: 0 };
    return {
      line: first + index,
      start,
      end: { line: start.line, character: start.character + name.length },
      tell: (message, above) => refusalOf(name, message, above),
    };
  });
  return { text: names.map(({ name }) => `\n;__tandemGoes<typeof ${name}>(0)`).join(""), below };
}

/** What the compiler's message about such a line says: `__TandemStays` is `"promise"` or `__TandemInstance<Socket>`. */
function refusalOf(name: string, message: string, above: readonly WrittenCell[]) {
  const [, kind, type] = /'(?:"(\w+)"|__TandemInstance<(.+)>)'/.exec(message) ?? [];
  if (kind === undefined && type === undefined) return undefined;
  // Workers import what is imported, and have their own of what the language, Node and set-ups declare.
  const declared = scopeOf(above).get(name);
  if (!declared || declared.kind === "import" || declared.kind === "setUp") return undefined;
  const what = kind === undefined ? `is an instance of ${type}` : `is a ${kind}`;
  const remedy = remedyFor(kind === undefined ? "instance" : kind.startsWith("Weak") ? "weak" : kind);
  return problemError({ name, what, path: [name], place: undefined, remedy });
}
