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

/** What is open at a place of a text. */
export interface Opened {
  /** A bracket; "`" for a template's text, "$" for an expression in it; "<" for a JSX tag, ">" for what stands in an element. */
  readonly kind: string;
  /** Where it was opened. */
  readonly offset: number;
  /** Of the element. */
  readonly tag?: string;
}

/**
 * Walks over TypeScript, valid or half-written. With `jsx` it also knows what is inside an element that is not closed yet;
 * without, such a one is taken for types.
 */
export class Walker {
  readonly #source: string;
  readonly #jsx: boolean;
  #at = 0;
  readonly #open: Opened[] = [];
  #inComment = false;
  /** Where the JSX element ends that was met last. */
  #elementEnd = 0;
  /** The significant code before, its last characters. */
  #before = "";

  constructor(source: string, { jsx = false } = {}) {
    this.#source = source;
    this.#jsx = jsx;
  }

  /** From the outermost inwards. */
  get open(): readonly Opened[] {
    return this.#open;
  }

  get inComment(): boolean {
    return this.#inComment;
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
      else if (this.#in("`")) this.#template();
      else if (this.#in("<")) this.#tag();
      else if (this.#in(">")) this.#children();
      else this.#code();
    }
  }

  #in(kind: Opened["kind"]): boolean {
    return this.#open.at(-1)?.kind === kind;
  }

  #push(kind: Opened["kind"], tag?: string): void {
    this.#open.push({ kind, offset: this.#at, ...(tag !== undefined && { tag }) });
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
      this.#push("$");
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
      this.#push("`");
      this.#at++;
    } else if ("([{".includes(character)) {
      this.#push(character);
      this.#significant(character);
    } else if (")]}".includes(character)) {
      const inTemplate = this.#open.pop()?.kind === "$";
      if (inTemplate) this.#at++;
      else this.#significant(character);
    } else if (/\s/.test(character)) this.#at++;
    else if (character === "<" && this.#regexIsNext() && this.#element()) this.#before = ")";
    else if (character === "<" && this.#jsx && this.#regexIsNext() && this.#startTag()) return;
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

  /** The start of an element that is not closed; types of a function's parameters are none. */
  #startTag(): boolean {
    const rest = this.#source.slice(this.#at, this.#at + 200);
    const [start, tag = ""] = /^<(?:([A-Za-z][\w.:-]*)(?![\w.:-]|\s*,|\s+extends\b)|(?=>))/.exec(rest) ?? [];
    if (start === undefined) return false;
    this.#push("<", tag);
    this.#at += start.length;
    return true;
  }

  /** Attributes, up to the tag's end. */
  #tag(): void {
    const character = this.#source[this.#at] ?? "";
    if (character === '"' || character === "'") this.#literal(character);
    else if (character === "{") {
      this.#push("{");
      this.#significant("{");
    } else if (character === ">") {
      const opened = this.#open.pop();
      const isClosed = this.#source[this.#at - 1] === "/";
      if (opened && !isClosed) this.#open.push({ ...opened, kind: ">" });
      this.#before = ")";
      this.#at++;
    } else this.#at++;
  }

  /** What stands in an element: text, expressions, elements. */
  #children(): void {
    const character = this.#source[this.#at];
    if (character === "{") {
      this.#push("{");
      this.#significant("{");
    } else if (character === "<" && this.#source[this.#at + 1] === "/") {
      this.#open.pop();
      const end = this.#source.indexOf(">", this.#at);
      this.#at = end < 0 ? this.#source.length : end + 1;
      this.#before = ")";
    } else if (!(character === "<" && (this.#element() || this.#startTag()))) this.#at++;
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
