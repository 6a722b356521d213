/** The frame that Rust's libraries put around what is no text, since evcxr made it common: a MIME type and lines. */
const BEGIN = "EVCXR_BEGIN_CONTENT ";
const END = "EVCXR_END_CONTENT";
/** Longer content is let through as text: its end may never come. In UTF-16 units. */
const LONGEST = 32 << 20;

/** Takes text apart into plain text and content in evcxr's frame, however it is cut into pieces. */
export class RichText {
  readonly #onText: (text: string) => void;
  readonly #onContent: (mime: string, content: string) => void;
  #rest = "";

  constructor(onText: (text: string) => void, onContent: (mime: string, content: string) => void) {
    this.#onText = onText;
    this.#onContent = onContent;
  }

  push(piece: string): void {
    let text = this.#rest + piece;
    this.#rest = "";
    for (;;) {
      const begin = text.indexOf(BEGIN);
      if (begin < 0) {
        const keep = possibleStart(text);
        this.#say(text.slice(0, keep));
        this.#rest = text.slice(keep);
        return;
      }
      this.#say(text.slice(0, begin));
      text = text.slice(begin);
      const found = /\n?EVCXR_END_CONTENT[^\S\n]*(?:\r?\n|$)/.exec(text);
      // Its last line may still lack its line feed.
      if (!found || (found.index + found[0].length === text.length && !text.endsWith("\n"))) {
        if (text.length > LONGEST) this.#say(text);
        else this.#rest = text;
        return;
      }
      const line = text.indexOf("\n");
      const mime = text.slice(BEGIN.length, line).trim();
      this.#onContent(mime, text.slice(line + 1, Math.max(line + 1, found.index)));
      text = text.slice(found.index + found[0].length);
    }
  }

  /** A cell has ended: what waited for more is what it is. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = "";
    // All but the line feed of the last line has come.
    if (rest.endsWith(`\n${END}`)) this.push(`${rest}\n`);
    else this.#say(rest);
  }

  #say(text: string): void {
    if (text) this.#onText(text);
  }
}

/** Where a frame that continues in the next piece may begin; the text's length if nowhere. */
function possibleStart(text: string): number {
  const first = Math.max(0, text.length - BEGIN.length + 1);
  for (let at = text.indexOf("E", first); at >= 0; at = text.indexOf("E", at + 1)) {
    if (BEGIN.startsWith(text.slice(at))) return at;
  }
  return text.length;
}
