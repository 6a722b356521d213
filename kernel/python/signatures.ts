import { type ClassType, typeOfAnnotation } from "./annotation.ts";
import {
  type Definition,
  firstParagraph,
  readSource,
  type Source,
  separated,
  type Variable,
} from "./source.ts";

/** What TypeScript knows of a name of Python's. */
export interface PythonMember {
  /** As a member of `py`: `PythonFunction<(n: number | bigint) => Promise<bigint>>`, `PromiseLike<number>`. */
  readonly type: string;
  /** The first paragraph of its docstring, on one line. */
  readonly documentation?: string;
}

/**
 * What the annotations at the top level of a Python text say to TypeScript, by the members' names; undefined for a name of which the text says
 * that nothing is known. `int`: its ints become numbers. `classes`: the dataclasses, TypedDicts, NamedTuples and aliases known so far, by name;
 * those of the text are added.
 */
export function signaturesOf(
  text: string,
  int: boolean,
  classes: Map<string, ClassType>,
): Map<string, PythonMember | undefined> {
  const source = readSource(text);
  addClasses(source, int, classes);
  const members = new Map<string, PythonMember | undefined>();
  const overloads = new Map<string, Definition[]>();
  for (const one of inOrder(source)) {
    const before = members.has(one.name);
    if (!("kind" in one)) {
      const type =
        one.annotation && one.annotation !== "TypeAlias" ? typeOf(one.annotation, int, classes) : undefined;
      if (type) members.set(one.name, { type: `PromiseLike<${type}>` });
      else if (one.value !== undefined || before) members.set(one.name, undefined);
    } else if (one.kind === "class") {
      // What it makes, TypeScript cannot have, but for data.
      if (before) members.set(one.name, undefined);
    } else if (isOverload(one)) {
      overloads.set(one.name, [...(overloads.get(one.name) ?? []), one]);
    } else {
      const forms = overloads.get(one.name) ?? [one];
      overloads.delete(one.name);
      // Which of two branches counts cannot be told.
      members.set(one.name, one.conditional && before ? undefined : memberOf(one, forms, int, classes));
    }
  }
  return members;
}

function inOrder({ definitions, variables }: Source): (Definition | Variable)[] {
  return [...definitions, ...variables].sort((a, b) => a.nameStart - b.nameStart);
}

/** Decorators that leave a function's parameters and result as they are. */
const TRANSPARENT =
  /^(?:\w+\.)*(?:cache|lru_cache|njit|jit|overload|final|no_type_check|deprecated|profile|override|typechecked|beartype)\b/;
const isOverload = ({ decorators }: Definition) =>
  decorators.some((one) => /^(?:\w+\.)*overload\b/.test(one));

function memberOf(
  definition: Definition,
  forms: readonly Definition[],
  int: boolean,
  classes: ReadonlyMap<string, ClassType>,
): PythonMember {
  const documentation = firstParagraph(definition.docstring ?? forms.find((one) => one.docstring)?.docstring);
  const known = definition.decorators.every((one) => TRANSPARENT.test(one));
  const calls = forms.map((one) => {
    const result = (one.returns && typeOf(one.returns, int, classes)) ?? "any";
    const parameters = parametersOf(one.arguments ?? "", (annotation) =>
      typeOf(annotation, int, classes, true),
    );
    return { parameters, result };
  });
  const [first] = calls;
  let call = "(...values: any[]) => Promise<any>";
  if (known && first) {
    call =
      calls.length === 1
        ? `(${first.parameters}) => Promise<${first.result}>`
        : `{ ${calls.map(({ parameters, result }) => `(${parameters}): Promise<${result}>`).join("; ")} }`;
  }
  return { type: `PythonFunction<${call}>`, ...(documentation && { documentation }) };
}

function typeOf(
  annotation: string,
  int: boolean,
  classes: ReadonlyMap<string, ClassType>,
  taken = false,
): string | undefined {
  return typeOfAnnotation(annotation.trim(), int, classes, taken);
}

/** TypeScript's parameters for Python's, up to those that only go by name. */
function parametersOf(code: string, typeOf: (annotation: string) => string | undefined): string {
  const parameters: string[] = [];
  for (const one of separated(code)) {
    const [, stars = "", name = "", annotation, standard] =
      /^(\**)\s*([\p{L}\p{N}_]*)\s*(?::\s*([\s\S]+?))?\s*(=[\s\S]*)?$/u.exec(one) ?? [];
    if (one === "/") continue;
    const type = (annotation === undefined ? undefined : typeOf(annotation)) ?? "any";
    if (stars === "*" && name) parameters.push(`...${safe(name)}: ${listOf(type)}`);
    // Behind a star, names alone; after `**` nothing stands.
    if (stars) break;
    if (name) parameters.push(`${safe(name)}${standard === undefined ? "" : "?"}: ${type}`);
  }
  return parameters.join(", ");
}

const listOf = (type: string) => (/[ |]/.test(type) ? `(${type})[]` : `${type}[]`);

/** A parameter's name that TypeScript takes. */
const safe = (name: string) => (RESERVED.has(name) ? `${name}_` : name);
const RESERVED = new Set(
  "this function var new delete typeof void switch case default do export extends super throw catch const debugger enum instanceof null true false".split(
    " ",
  ),
);

/** Adds the classes whose instances cross as data, and the aliases of types. Those of each other are known in whichever order they stand. */
function addClasses(source: Source, int: boolean, classes: Map<string, ClassType>): void {
  for (let round = 0; round < 2; round++) {
    for (const one of inOrder(source)) {
      const type = "kind" in one ? classType(one, int, classes) : aliasType(one, int, classes);
      if (type) classes.set(one.name, type);
    }
  }
}

function classType(
  definition: Definition,
  int: boolean,
  classes: ReadonlyMap<string, ClassType>,
): ClassType | undefined {
  if (definition.kind !== "class") return undefined;
  const bases = separated(definition.arguments ?? "");
  const is = (name: string) => bases.some((base) => base.replace(/^.*\./, "").replace(/\[.*$/, "") === name);
  const dataclass = definition.decorators.some((one) => /^(?:\w+\.)*dataclass\b/.test(one));
  const inherited = bases.flatMap((base) => classes.get(base) ?? []);
  const typedDict = is("TypedDict") || (!dataclass && inherited.length > 0);
  if (!dataclass && !typedDict && !is("NamedTuple")) return undefined;
  const fields = definition.variables.filter(
    ({ annotation }) =>
      annotation !== undefined && !/^(?:\w+\.)*(?:ClassVar|InitVar|KW_ONLY)\b/.test(annotation),
  );
  const typed = fields.map(({ name, annotation = "", value }) => ({
    name,
    given: typeOf(annotation, int, classes) ?? "any",
    taken: typeOf(annotation, int, classes, true) ?? "any",
    // Left out where there is a default; of a TypedDict where it says so.
    optional: typedDict
      ? /^(?:\w+\.)*NotRequired\b/.test(annotation) ||
        (bases.some((base) => /^total\s*=\s*False$/.test(base)) && !/^(?:\w+\.)*Required\b/.test(annotation))
      : value !== undefined,
  }));
  if (is("NamedTuple")) {
    const list = (kind: "given" | "taken") => typed.map((one) => `${one.name}: ${one[kind]}`).join(", ");
    return { given: `[${list("given")}]`, taken: `readonly [${list("taken")}]` };
  }
  const record = (kind: "given" | "taken") => {
    const own = typed.map((one) => {
      const mark = one.optional && (kind === "taken" || typedDict) ? "?" : "";
      return `${one.name}${mark}: ${one[kind]}`;
    });
    return [...inherited.map((base) => base[kind]), `{ ${own.join("; ")} }`].join(" & ");
  };
  return { given: record("given"), taken: record("taken") };
}

/** `Vector = list[float]`, `type Vector = …`, `UserId = NewType("UserId", int)`. */
function aliasType(
  { annotation, value }: Variable,
  int: boolean,
  classes: ReadonlyMap<string, ClassType>,
): ClassType | undefined {
  if (value === undefined) return undefined;
  const said = annotation !== undefined && /^(?:\w+\.)*TypeAlias$/.test(annotation);
  const newType = /^(?:\w+\.)*NewType\(\s*["'][^"']*["']\s*,([\s\S]*)\)$/.exec(value)?.[1];
  const type = newType ?? value;
  // A plain name would be a variable's value.
  if (
    !said &&
    newType === undefined &&
    (annotation !== undefined || !/[[|]/.test(type) || !/^[\p{L}_"']/u.test(type))
  )
    return undefined;
  const given = typeOf(type, int, classes);
  const taken = typeOf(type, int, classes, true);
  return given && taken ? { given, taken } : undefined;
}
