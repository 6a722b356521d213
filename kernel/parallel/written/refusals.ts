import type { MagicCell, MagicProblem, Place, WrittenCell } from "../../cells/magic.ts";
import { type Problem, problemError, remedyFor } from "../capture/problems.ts";
import { type Declaration, scopeOf } from "./scope.ts";
import { usesOf } from "./uses.ts";

/** Classes of the language that have no other way to make an instance than their own constructor. */
const OWN_BASES: ReadonlySet<string> = new Set(["Array", "Error", "Map", "Set", "TypeError", "RangeError"]);

/**
 * What a %%parallel cell's body uses that cannot go to workers, as far as its text and those of the cells above tell:
 * assignments to variables of the notebook, `py`, `this`, and instances of the notebook's classes, in the body and in
 * functions of the notebook that it uses. The run would refuse the same, in the same words.
 */
export function refusals(
  cell: Pick<MagicCell, "rest" | "body">,
  above: readonly WrittenCell[],
): MagicProblem[] {
  const uses = usesOf(cell);
  if (!uses) return [];
  const scope = scopeOf(above);
  const found: MagicProblem[] = [];
  const add = (problem: Problem, offset: number, length: number) => {
    const start = uses.place(offset);
    const end: Place = { line: start.line, character: start.character + length };
    found.push({ start, end, error: problemError(problem), instead: [] });
  };
  for (const { name, reads, writes } of uses.names) {
    const first = Math.min(...reads, ...writes);
    const [write] = writes;
    const declared = scope.get(name);
    if (write !== undefined && declared && declared.kind !== "setUp")
      add(assigned([name]), write, name.length);
    const problem = name === "arguments" ? borrowed("arguments") : problemOf([name], scope, new Set());
    if (problem) add(problem, first, name.length);
  }
  if (uses.thisAt !== undefined) add(borrowed("this"), uses.thisAt, "this".length);
  return found;
}

type Scope = ReadonlyMap<string, Declaration>;

/** Why what the last name of a path stands for cannot go; looks into functions, into each once. */
function problemOf(path: readonly string[], scope: Scope, seen: Set<string>): Problem | undefined {
  const name = path.at(-1) ?? "";
  if (seen.has(name)) return undefined;
  seen.add(name);
  const declared = scope.get(name);
  if (!declared) return name === "py" ? python(path) : undefined;
  if (declared.instanceOf !== undefined) return instance(path, declared.instanceOf, scope);
  if (!declared.uses) return undefined;
  for (const { name: used, writes } of declared.uses.names) {
    const kind = scope.get(used)?.kind;
    if (writes.length > 0 && kind !== undefined && kind !== "setUp") return assigned([...path, used]);
    const problem = problemOf([...path, used], scope, seen);
    if (problem) return problem;
  }
  return undefined;
}

function instance(path: readonly string[], name: string, scope: Scope): Problem | undefined {
  if (name === "Proxy" && !scope.has(name)) return problem(path, "is a Proxy", remedyFor("proxy"));
  return isOwnClass(name, scope)
    ? problem(path, `is an instance of ${name}`, remedyFor("instance"))
    : undefined;
}

/** Whether `new` of a name surely gives an instance of a class of the notebook. */
function isOwnClass(name: string, scope: Scope): boolean {
  const declared = scope.get(name);
  if (declared?.kind !== "class" || declared.returns) return false;
  const { base } = declared;
  if (base === undefined) return true;
  // A class redeclared by one below it would extend itself.
  return scope.has(base) ? base !== name && isOwnClass(base, scope) : OWN_BASES.has(base);
}

const problem = (path: readonly string[], what: string, remedy: string): Problem => ({
  name: path.at(-1) ?? "",
  what,
  path,
  place: undefined,
  remedy,
});

const assigned = (path: readonly string[]): Problem =>
  problem(
    path,
    "is assigned to, and each worker would change a copy of its own",
    "Return the value from the body, and combine the results after the run.",
  );

const python = (path: readonly string[]): Problem =>
  problem(
    path,
    "talks to the one Python interpreter of the notebook, and workers cannot",
    "Call Python before or after the parallel code, or loop in a %%python cell.",
  );

const borrowed = (what: string): Problem =>
  problem(
    ["the function"],
    `uses \`${what}\` of the place where it was written`,
    "Use its class or its object as a whole, or pass what it needs by a variable.",
  );
