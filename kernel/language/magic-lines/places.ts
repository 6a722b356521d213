import type { Position } from "vscode-languageserver";

/** The offset at which a 0-based line starts; the text's end where there are fewer lines. */
export function lineStart(text: string, line: number): number {
  let at = 0;
  for (let n = 0; n < line; n++) at = text.indexOf("\n", at) + 1 || text.length;
  return at;
}

/** The place of an offset. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
