/** Sizes of text where there is no font to ask: wide enough for the usual sans-serif fonts, of which DejaVu is widest. */

/** Width in pixels of a text at a font size. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  let ems = 0;
  for (let index = 0; index < text.length; index++) {
    const known = asciiEms[text.charCodeAt(index)];
    if (known !== undefined) {
      ems += known;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    ems += emsOf(character);
    index += character.length - 1;
  }
  return ems * fontSize * (bold ? 1.1 : 1);
}

function emsOf(character: string): number {
  if (isSquare(character)) return 1.05;
  if (character === "\u00a0") return 0.43;
  return "×−—…".includes(character) ? 0.95 : 0.65;
}

/** Widths of the characters up to 127, in ems. */
const asciiEms = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[ijlI.,:;|!'`]/.test(character)) return 0.34;
  if (/[ frt()[\]{}/\\*"-]/.test(character)) return 0.43;
  if (/[mwMW%@]/.test(character)) return 0.95;
  if (/[A-HJ-LN-VX-Z&_~+=<>#]/.test(character)) return 0.76;
  return 0.62;
});

/** Whether a character is as wide as high: of the scripts of East Asia, or a picture. */
export function isSquare(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xffe6) || code >= 0x1f300;
}

/**
 * Breaks a text into lines no wider than `width` pixels: between words, then inside them after punctuation, before a
 * capital in `camelCase`, and where nothing else helps anywhere.
 */
export function wrap(text: string, width: number, fontSize: number, bold = false): string[] {
  const fits = (line: string) => textWidth(line, fontSize, bold) <= width;
  if (fits(text)) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = breakWord(word, fits);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of word.split(/(?<=[_\-./:,)\]])|(?<=[\p{Ll}\d])(?=\p{Lu})/u)) {
    if (fits(line + piece)) {
      line += piece;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of piece) {
      if (line !== "" && !fits(line + character)) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return [...lines, line];
}

/** A text that is no wider than `width` pixels, with … where it was cut. */
export function fitted(text: string, width: number, fontSize: number, bold = false): string {
  if (textWidth(text, fontSize, bold) <= width) return text;
  const room = width - textWidth("…", fontSize, bold);
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += textWidth(character, fontSize, bold);
    if (used > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
