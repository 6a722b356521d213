/** A TypeScript type, as far as Rust may have a counterpart of it. */
export type TsType =
  | { readonly kind: "name"; readonly name: string; readonly args: readonly TsType[] }
  | { readonly kind: "object"; readonly fields: readonly TsField[] }
  | { readonly kind: "tuple"; readonly items: readonly TsType[] }
  | { readonly kind: "union"; readonly of: readonly TsType[] }
  /** `"on"`, `3`, `true`: by the type that it is one of. */
  | { readonly kind: "literal"; readonly of: "string" | "number" | "boolean" | "bigint" }
  /** Functions, intersections, computed types. */
  | { readonly kind: "other" };

export interface TsField {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TsType;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([\p{ID_Start}$_][\p{ID_Continue}$]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d[\d_.]*(?:[eE][+-]?\d+)?n?)|(=>|\.\.\.|[^\s])/uy;

/** Reads a type at the beginning of a text; what follows it is left. Whatever is not understood is `other`. */
export function parseType(text: string): TsType {
  const parser = new TypeParser(text);
  try {
    return parser.union();
  } catch (error) {
    if (error instanceof NotUnderstood) return { kind: "other" };
    throw error;
  }
}

class NotUnderstood extends Error {}

class TypeParser {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      const token = match[1] ?? match[2] ?? match[3] ?? match[4];
      if (token !== undefined) this.#tokens.push(token);
    }
  }

  union(): TsType {
    this.#take("|");
    const of = [this.#postfix()];
    while (this.#take("|")) of.push(this.#postfix());
    if (this.#peek() === "&" || this.#peek() === "extends") throw new NotUnderstood();
    const [only] = of;
    return of.length === 1 && only ? only : { kind: "union", of };
  }

  #postfix(): TsType {
    this.#take("readonly");
    let type = this.#primary();
    while (this.#peek() === "[" && this.#tokens[this.#at + 1] === "]") {
      this.#at += 2;
      type = { kind: "name", name: "Array", args: [type] };
    }
    return type;
  }

  #primary(): TsType {
    const token = this.#next();
    if (token === "(") {
      const type = this.union();
      if (!this.#take(")") || this.#peek() === "=>") throw new NotUnderstood();
      return type;
    }
    if (token === "{") return { kind: "object", fields: this.#fields() };
    if (token === "[") return { kind: "tuple", items: this.#list("]") };
    if (token === "true" || token === "false") return { kind: "literal", of: "boolean" };
    if (/^["']/.test(token)) return { kind: "literal", of: "string" };
    if (/^-?\d/.test(token)) return { kind: "literal", of: token.endsWith("n") ? "bigint" : "number" };
    if (!/^[\p{ID_Start}$_]/u.test(token) || ["keyof", "typeof", "infer", "new", "unique"].includes(token))
      throw new NotUnderstood();
    if (this.#peek() === ".") throw new NotUnderstood();
    const args = this.#take("<") ? this.#list(">") : [];
    return { kind: "name", name: token, args };
  }

  #list(end: string): TsType[] {
    const items: TsType[] = [];
    while (!this.#take(end)) {
      // `[x: number, y: number]`
      if (/^[\p{ID_Start}$_]/u.test(this.#peek()) && this.#tokens[this.#at + 1] === ":") this.#at += 2;
      items.push(this.union());
      if (!this.#take(",") && this.#peek() !== end) throw new NotUnderstood();
    }
    return items;
  }

  #fields(): TsField[] {
    const fields: TsField[] = [];
    while (!this.#take("}")) {
      if (this.#tokens[this.#at + 1] !== ":" && this.#tokens[this.#at + 1] !== "?") this.#take("readonly");
      const name = this.#next();
      if (!/^[\p{ID_Start}$_]/u.test(name)) throw new NotUnderstood();
      const optional = this.#take("?");
      if (!this.#take(":")) throw new NotUnderstood();
      fields.push({ name, optional, type: this.union() });
      if (!this.#take(";")) this.#take(",");
    }
    return fields;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new NotUnderstood();
    return token;
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }
}

/** The interfaces and type aliases that a text declares, by name. Those that extend others are left out. */
export function declaredTypes(text: string): Map<string, TsType> {
  const found = new Map<string, TsType>();
  for (const { 1: name = "", index, 0: head } of text.matchAll(
    /\binterface\s+([\p{ID_Continue}$]+)\s*(?=\{)/gu,
  ))
    found.set(name, parseType(text.slice(index + head.length)));
  for (const { 1: name = "", index, 0: head } of text.matchAll(/\btype\s+([\p{ID_Continue}$]+)\s*=/gu))
    found.set(name, parseType(text.slice(index + head.length)));
  return found;
}
