/**
 * The TypeScript type of a Python annotation, as values of it cross (see values.ts); undefined where it tells nothing.
 * `int` says whether ints become numbers; `classes` has the types of classes by their names.
 */
export function typeOfAnnotation(
  annotation: string,
  int: boolean,
  classes: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const tokens =
    annotation.match(/[\p{ID_Start}_][\p{ID_Continue}_.]*|\.\.\.|[[\],|]|"[^"]*"|'[^']*'|\S/gu) ?? [];
  const reader = new AnnotationReader(tokens, int, classes);
  const type = reader.union();
  return type !== undefined && reader.done ? type : undefined;
}

/** The annotation of a variable, where the source has one at the start of a line: `total: float = 0`. */
export function annotationOf(name: string, source: string): string | undefined {
  const pattern = new RegExp(`^${escaped(name)}[ \\t]*:[ \\t]*([^=#\\n]+)`, "gmu");
  return [...source.matchAll(pattern)].at(-1)?.[1]?.trim();
}

function escaped(name: string): string {
  return name.replace(/\$/g, "\\$");
}

class AnnotationReader {
  readonly #tokens: readonly string[];
  readonly #int: boolean;
  readonly #classes: ReadonlyMap<string, string>;
  #at = 0;

  constructor(tokens: readonly string[], int: boolean, classes: ReadonlyMap<string, string>) {
    this.#tokens = tokens;
    this.#int = int;
    this.#classes = classes;
  }

  get done(): boolean {
    return this.#at === this.#tokens.length;
  }

  /** `A | B`. */
  union(): string | undefined {
    const types = [this.#one()];
    while (this.#skip("|")) types.push(this.#one());
    return joined(types);
  }

  #one(): string | undefined {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return undefined;
    // An annotation as a string is one all the same.
    if (/^["']/.test(token)) return typeOfAnnotation(token.slice(1, -1), this.#int, this.#classes);
    const name = token.replace(/^.*\./, "");
    const args = this.#skip("[") ? this.#arguments() : [];
    return generic(name, args) ?? this.#plain(name);
  }

  #arguments(): (string | undefined)[] {
    const types: (string | undefined)[] = [];
    while (!this.#skip("]")) {
      // It does not end: read past the end, so that nothing is told.
      if (this.done) {
        this.#at++;
        return [];
      }
      types.push(this.#skip("...") ? "..." : this.union());
      this.#skip(",");
    }
    return types;
  }

  #skip(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #plain(name: string): string | undefined {
    return name === "int" ? (this.#int ? "number" : "bigint") : (PLAIN[name] ?? this.#classes.get(name));
  }
}

const PLAIN: Readonly<Record<string, string>> = {
  float: "number",
  str: "string",
  bool: "boolean",
  None: "null",
  bytes: "Uint8Array",
  bytearray: "Uint8Array",
  datetime: "Date",
  date: "Date",
  list: "any[]",
  List: "any[]",
  tuple: "any[]",
  set: "Set<any>",
  dict: "any",
  Any: "any",
};

function generic(name: string, args: readonly (string | undefined)[]): string | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  switch (name) {
    case "list":
    case "List":
    case "Sequence":
    case "Iterable":
      return `${parenthesised(first)}[]`;
    case "tuple":
    case "Tuple":
      if (second === "...") return `${parenthesised(first)}[]`;
      return args.includes(undefined) ? undefined : `[${args.join(", ")}]`;
    case "dict":
    case "Dict":
    case "Mapping":
      if (second === undefined) return undefined;
      return first === "string" ? `Record<string, ${second}>` : `Map<${first}, ${second}>`;
    case "set":
    case "Set":
    case "frozenset":
    case "FrozenSet":
      return `Set<${first}>`;
    case "Optional":
      return `${first} | null`;
    case "Union":
      return joined(args);
    default:
      return undefined;
  }
}

function joined(types: readonly (string | undefined)[]): string | undefined {
  return types.includes(undefined) ? undefined : [...new Set(types)].join(" | ");
}

function parenthesised(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}
