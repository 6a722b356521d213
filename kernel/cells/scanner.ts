/** Where a line of a cell starts, as far as telling magics from TypeScript needs to know. */
export interface LineStart {
  /** Offset of the line's first character. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** Outside strings, templates, comments and brackets, and not after an operator that goes on. */
  readonly statement: boolean;
  /** Whether the code before may end an expression, which `%` on this line could continue. */
  readonly afterExpression: boolean;
}

/** Operators that want another operand: a line after one of them goes on. `++` and `--` end an expression. */
const WANTS_MORE = /(?:[=+\-*/%&|^<?:,.!~]|=>)$/;
const KEYWORD_BEFORE_REGEX =
  /(?:^|[^\w$.])(?:return|typeof|case|do|else|in|of|instanceof|new|delete|void|throw|await|yield)$/;

/**
 * Walks over a cell's TypeScript and says what each line starts in. It knows strings, templates, comments, regular
 * expressions, JSX elements and brackets, and needs no valid program: magic lines stand in between. `next(true)` says that the line
 * just given is one.
 */
export function* lineStarts(source: string): Generator<LineStart, void, boolean | undefined> {
  const walker = new Walker(source);
  let line = 1;
  for (let offset = 0; offset <= source.length; line++) {
    walker.walkTo(offset);
    const { statement, afterExpression } = walker;
    const skipLine = yield { offset, line, statement, afterExpression };
    const end = source.indexOf("\n", offset);
    if (end < 0) return;
    offset = end + 1;
    if (skipLine) walker.skipTo(offset);
  }
}

class Walker {
  readonly #source: string;
  #at = 0;
  /** Open brackets; "`" for a template's text, "$" for an expression in it. */
  readonly #open: string[] = [];
  #inComment = false;
  /** Where the JSX element ends that was met last. */
  #elementEnd = 0;
  /** The significant code before, its last characters. */
  #before = "";

  constructor(source: string) {
    this.#source = source;
  }

  get statement(): boolean {
    const goesOn = WANTS_MORE.test(this.#before) && !/(?:\+\+|--)$/.test(this.#before);
    const inside = this.#open.length > 0 || this.#inComment || this.#at < this.#elementEnd;
    return !inside && !goesOn;
  }

  get afterExpression(): boolean {
    return /[\w$)\]}'"`]$/.test(this.#before);
  }

  /** Goes on behind a line that is not TypeScript. */
  skipTo(offset: number): void {
    this.#at = offset;
    this.#before = "";
  }

  walkTo(offset: number): void {
    while (this.#at < offset) {
      if (this.#at < this.#elementEnd) this.#at = Math.min(offset, this.#elementEnd);
      else if (this.#inComment) this.#comment(offset);
      else if (this.#open.at(-1) === "`") this.#template();
      else this.#code();
    }
  }

  #comment(offset: number): void {
    const end = this.#source.indexOf("*/", this.#at);
    this.#inComment = end < 0 || end + 2 > offset;
    this.#at = this.#inComment ? offset : end + 2;
  }

  #template(): void {
    const character = this.#source[this.#at];
    if (character === "\\") this.#at += 2;
    else if (character === "`") {
      this.#open.pop();
      this.#significant("`");
    } else if (character === "$" && this.#source[this.#at + 1] === "{") {
      this.#open.push("$");
      this.#before = "{";
      this.#at += 2;
    } else this.#at++;
  }

  #code(): void {
    const character = this.#source[this.#at] ?? "";
    const next = this.#source[this.#at + 1];
    if (character === "/" && next === "/") this.#at = this.#lineEnd();
    else if (character === "/" && next === "*") {
      this.#inComment = true;
      this.#at += 2;
    } else if (character === '"' || character === "'") this.#literal(character);
    else if (character === "/" && this.#regexIsNext()) this.#literal("/");
    else if (character === "`") {
      this.#open.push("`");
      this.#at++;
    } else if ("([{".includes(character)) {
      this.#open.push(character);
      this.#significant(character);
    } else if (")]}".includes(character)) {
      const inTemplate = this.#open.pop() === "$";
      if (inTemplate) this.#at++;
      else this.#significant(character);
    } else if (/\s/.test(character)) this.#at++;
    else if (character === "<" && this.#regexIsNext() && this.#element()) this.#before = ")";
    else this.#significant(character);
  }

  /** A JSX element that begins here; `<T>` before a function's parameters has no closing tag. */
  #element(): boolean {
    const [, name] =
      /^<([A-Za-z][\w.:-]*)?(?=[\s/>])/.exec(this.#source.slice(this.#at, this.#at + 200)) ?? [];
    const tag = new RegExp(`<(/?)${(name ?? "").replaceAll(".", "\\.")}(?=[\\s/>])(?:[^<>]|=>)*?(/?)>`, "g");
    let depth = 0;
    tag.lastIndex = this.#at;
    for (let found = tag.exec(this.#source); found; found = tag.exec(this.#source)) {
      if (depth === 0 && found.index !== this.#at) return false;
      if (found[1]) depth--;
      else if (!found[2]) depth++;
      if (depth > 0) continue;
      this.#elementEnd = tag.lastIndex;
      return true;
    }
    return false;
  }

  /** A string or a regular expression, to its end or, where it is not closed, to the end of the line. */
  #literal(quote: string): void {
    const end = this.#lineEnd();
    let inClass = false;
    for (this.#at++; this.#at < end; this.#at++) {
      const character = this.#source[this.#at];
      // A backslash before a line break continues a string.
      if (character === "\\") this.#at++;
      else if (quote === "/" && character === "[") inClass = true;
      else if (quote === "/" && character === "]") inClass = false;
      else if (character === quote && !inClass) break;
    }
    this.#at = Math.min(this.#at + 1, this.#source.length);
    this.#before = '"';
  }

  /** A slash divides what ends an expression, and starts a regular expression elsewhere. */
  #regexIsNext(): boolean {
    return !/[\w$)\]}'"`]$/.test(this.#before) || KEYWORD_BEFORE_REGEX.test(this.#before);
  }

  #significant(character: string): void {
    // A space keeps words apart: `a b` is not `ab`.
    const apart = /\s/.test(this.#source[this.#at - 1] ?? "") ? " " : "";
    this.#before = (this.#before + apart + character).slice(-16);
    this.#at++;
  }

  #lineEnd(): number {
    const end = this.#source.indexOf("\n", this.#at);
    return end < 0 ? this.#source.length : end;
  }
}
