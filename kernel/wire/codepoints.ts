/** Jupyter counts Unicode code points in `cursor_pos`; JavaScript's strings count UTF-16 units. */

/** The UTF-16 offset of a code-point offset; past the end it is the text's length. */
export function toUtf16(text: string, codePoints: number): number {
  let offset = 0;
  let left = codePoints;
  for (const character of text) {
    if (left-- <= 0) break;
    offset += character.length;
  }
  return offset;
}

/** The code-point offset of a UTF-16 offset. */
export function toCodePoints(text: string, offset: number): number {
  return [...text.slice(0, offset)].length;
}
