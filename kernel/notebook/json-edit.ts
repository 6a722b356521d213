import { isDeepStrictEqual } from "node:util";
import { itemsOf, memberOf, membersOf, type Place } from "./json-text.ts";

/** New text in a place of a text. */
export interface Edit extends Place {
  readonly text: string;
}

/** Changes values in a JSON text; every byte outside of them stays. New values look like those around them. */
export class JsonEditor {
  readonly #text: string;
  readonly #edits: Edit[] = [];
  readonly #lineEnd: string;
  /** One level of indentation: what the file's first member stands behind. */
  readonly #indent: string;
  /** Offset of the first line's end. */
  readonly #firstLine: number;

  constructor(text: string) {
    this.#text = text;
    const head = /^\uFEFF?\s*\{(\r?\n)([ \t]*)/.exec(text);
    this.#firstLine = text.indexOf("\n");
    this.#lineEnd = head?.[1] ?? (text[this.#firstLine - 1] === "\r" ? "\r\n" : "\n");
    this.#indent = head?.[2] || " ";
  }

  /** Sets an object's member; one that has this value already keeps its text. */
  set(object: Place, name: string, value: unknown): void {
    const text = this.#text;
    const member = memberOf(text, object, name);
    if (member) {
      const { start, end } = member.value;
      if (isDeepStrictEqual(JSON.parse(text.slice(start, end)), plain(value))) return;
      this.#edits.push({ start, end, text: this.#write(value, this.#margin(start)) });
      return;
    }
    const last = membersOf(text, object).at(-1);
    const margin = this.#margin(last?.start ?? object.start);
    const written = `${JSON.stringify(name)}: ${this.#write(value, margin)}`;
    if (!last) this.#insert(object.start + 1, written);
    else this.#insert(last.value.end, `${this.#separator(margin)}${written}`);
  }

  /** Inserts an item before the array's item at `index`, or as its last. */
  insert(array: Place, index: number, value: unknown): void {
    const items = itemsOf(this.#text, array);
    const neighbour = items[index] ?? items.at(-1);
    if (!neighbour) {
      const margin = this.#margin(array.start);
      const inside = margin === undefined ? undefined : margin + this.#indent;
      const [before, after] =
        inside === undefined ? ["", ""] : [this.#lineEnd + inside, this.#lineEnd + margin];
      this.#edits.push({ ...array, text: `[${before}${this.#write(value, inside)}${after}]` });
      return;
    }
    const margin = this.#margin(neighbour.start);
    const written = this.#write(value, margin);
    if (items[index]) this.#insert(neighbour.start, `${written}${this.#separator(margin)}`);
    else this.#insert(neighbour.end, `${this.#separator(margin)}${written}`);
  }

  /** A value as text that looks like what stands at an offset, for instance an object of a list for a new one. */
  written(value: unknown, like: number): string {
    return this.#write(value, this.#margin(like));
  }

  /** What stands between the items of a list whose first is at an offset. */
  separator(like: number): string {
    return this.#separator(this.#margin(like));
  }

  /** The text with all changes, or a place of it. */
  result({ start, end }: Place = { start: 0, end: this.#text.length }): string {
    // Insertions at one place keep their order.
    const edits = this.#edits
      .map((edit, order) => ({ ...edit, order }))
      .filter((edit) => edit.start >= start && edit.end <= end)
      .sort((a, b) => a.start - b.start || a.order - b.order);
    const pieces: string[] = [];
    let from = start;
    for (const edit of edits) {
      pieces.push(this.#text.slice(from, edit.start), edit.text);
      from = edit.end;
    }
    return [...pieces, this.#text.slice(from, end)].join("");
  }

  #insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  #separator(margin: string | undefined): string {
    return margin === undefined ? ", " : `,${this.#lineEnd}${margin}`;
  }

  /** JSON in the style of the text around it: on one line where `margin` is undefined. */
  #write(value: unknown, margin: string | undefined): string {
    if (margin === undefined) return JSON.stringify(value);
    return JSON.stringify(value, null, this.#indent)
      .split("\n")
      .join(this.#lineEnd + margin);
  }

  /** The white space before the first thing on an offset's line; undefined on the first line. */
  #margin(offset: number): string | undefined {
    if (this.#firstLine < 0 || offset < this.#firstLine) return undefined;
    const line = this.#text.lastIndexOf("\n", offset) + 1;
    return /^[ \t]*/.exec(this.#text.slice(line, offset))?.[0];
  }
}

/** The value as JSON keeps it, so without members that are undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
