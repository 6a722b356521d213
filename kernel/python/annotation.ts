/** The type of a class or an alias: of what Python gives, and of what it takes. */
export interface ClassType {
  readonly given: string;
  readonly taken: string;
}

/**
 * The TypeScript type of a Python annotation, as values of it cross (see values.ts); undefined where it tells nothing.
 * `int` says whether ints become numbers; `classes` has the types of classes by their names. `taken`: the type of what Python takes, which
 * is wider: any whole number as an int, any array of numbers as a list of them, bytes of any kind.
 */
export function typeOfAnnotation(
  annotation: string,
  int: boolean,
  classes: ReadonlyMap<string, ClassType> = new Map(),
  taken = false,
): string | undefined {
  const tokens =
    annotation.match(
      /-?\d[\w.]*|[\p{ID_Start}_][\p{ID_Continue}_.]*|\.\.\.|[[\],|]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S/gu,
    ) ?? [];
  const reader = new AnnotationReader(tokens, int, classes, taken);
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
  readonly #classes: ReadonlyMap<string, ClassType>;
  readonly #taken: boolean;
  #at = 0;

  constructor(
    tokens: readonly string[],
    int: boolean,
    classes: ReadonlyMap<string, ClassType>,
    taken: boolean,
  ) {
    this.#tokens = tokens;
    this.#taken = taken;
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
    if (/^["']/.test(token))
      return typeOfAnnotation(token.slice(1, -1), this.#int, this.#classes, this.#taken);
    const name = token.replace(/^.*\./, "");
    if (!this.#skip("[")) return this.#plain(name);
    if (name === "Literal") return this.#literals();
    const args = this.#arguments();
    return generic(name, args, this.#taken) ?? this.#plain(name);
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

  /** `Literal["a", 1, None]`. */
  #literals(): string | undefined {
    const types: (string | undefined)[] = [];
    while (!this.#skip("]")) {
      if (this.done) {
        this.#at++;
        return undefined;
      }
      types.push(this.#literal(this.#tokens[this.#at++] ?? ""));
      this.#skip(",");
    }
    return types.length > 0 ? joined(types) : undefined;
  }

  #literal(token: string): string | undefined {
    if (/^["']/.test(token)) return token.includes("\\") ? "string" : JSON.stringify(token.slice(1, -1));
    if (/^-?\d+$/.test(token)) {
      if (this.#int) return token;
      return this.#taken ? `${token} | ${token}n` : `${token}n`;
    }
    return { True: "true", False: "false", None: "null" }[token];
  }

  #skip(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #plain(name: string): string | undefined {
    if (name === "int") return this.#int ? "number" : this.#taken ? "number | bigint" : "bigint";
    const known = this.#classes.get(name);
    if (known) return this.#taken ? known.taken : known.given;
    return (this.#taken ? TAKEN[name] : undefined) ?? PLAIN[name];
  }
}

const ANY_ARRAY = "ArrayBufferView | readonly any[]";

/** What is taken is wider for these. */
const TAKEN: Readonly<Record<string, string>> = {
  bytes: "Uint8Array | ArrayBuffer",
  bytearray: "Uint8Array | ArrayBuffer",
  list: "ArrayLike<any>",
  List: "ArrayLike<any>",
  tuple: "readonly any[]",
  ndarray: ANY_ARRAY,
  NDArray: ANY_ARRAY,
};

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

function generic(name: string, args: readonly (string | undefined)[], taken: boolean): string | undefined {
  // Its arguments are of numpy, and tell nothing of dimensions.
  if (name === "ndarray" || name === "NDArray") return taken ? ANY_ARRAY : undefined;
  const [first, second, third] = args;
  if (/^(?:Coroutine|Awaitable)$/.test(name)) return name === "Coroutine" ? third : first;
  if (first === undefined) return undefined;
  switch (name) {
    case "list":
    case "List":
    case "MutableSequence":
    case "Sequence":
    case "Collection":
    case "Iterable":
      return taken ? takenList(name, first) : `${parenthesised(first)}[]`;
    case "tuple":
    case "Tuple":
      if (second === "...") return taken ? `readonly ${parenthesised(first)}[]` : `${parenthesised(first)}[]`;
      if (args.includes(undefined)) return undefined;
      return taken ? `readonly [${args.join(", ")}]` : `[${args.join(", ")}]`;
    case "dict":
    case "Dict":
    case "Mapping":
    case "MutableMapping":
    case "OrderedDict":
    case "DefaultDict":
    case "defaultdict":
      if (second === undefined) return undefined;
      return first === "string" ? `Record<string, ${second}>` : `Map<${first}, ${second}>`;
    case "set":
    case "Set":
    case "AbstractSet":
    case "frozenset":
    case "FrozenSet":
      return `Set<${first}>`;
    case "Optional":
      return joined([first, "null"]);
    case "Union":
      return joined(args);
    case "Annotated":
    case "Final":
    case "ClassVar":
    case "Required":
    case "NotRequired":
    case "ReadOnly":
      return first;
    default:
      return undefined;
  }
}

/** A list as it is taken: of numbers typed arrays, too. A text is a sequence of texts, as in Python, and no list of them. */
function takenList(name: string, item: string): string {
  const asWritten = /^(?:number|bigint|any|[ |])+$/.test(item) || !/list$/i.test(name);
  return asWritten ? `ArrayLike<${item}>` : `readonly ${parenthesised(item)}[]`;
}

function joined(types: readonly (string | undefined)[]): string | undefined {
  return types.includes(undefined) || types.includes("...") ? undefined : [...new Set(types)].join(" | ");
}

function parenthesised(type: string): string {
  return / [|&] |^readonly /.test(type) ? `(${type})` : type;
}
