import { decode, encode, type SourceMapMappings, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** Replaces `[start, end)` of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A standard source map, version 3, with one source. */
export interface SourceMap {
  version: 3;
  sources: string[];
  names: string[];
  mappings: string;
}

/** The text with all edits done; edits must not overlap. Also tells where an offset of the text went. */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
): { text: string; at(offset: number): number } {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const starts: number[] = [];
  const shifts: number[] = [];
  let out = "";
  let done = 0;
  for (const edit of sorted) {
    out += text.slice(done, edit.start) + edit.text;
    done = edit.end;
    starts.push(edit.end);
    shifts.push(out.length - edit.end);
  }
  out += text.slice(done);
  return {
    text: out,
    at(offset) {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      return offset + (low === 0 ? 0 : (shifts[low - 1] ?? 0));
    },
  };
}

/** Offsets to 0-based lines and columns. */
export function lineTable(text: string): (offset: number) => [line: number, column: number] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return [low, offset - (starts[low] ?? 0)];
  };
}

/** A source map from pairs of 0-based positions, generated and original, in any order. */
export function sourceMapOf(
  file: string,
  pairs: Iterable<{ generated: [number, number]; original: [number, number] }>,
): SourceMap {
  const lines: SourceMapSegment[][] = [];
  for (const { generated, original } of pairs) {
    const [line, column] = generated;
    while (lines.length <= line) lines.push([]);
    lines[line]?.push([column, 0, original[0], original[1]]);
  }
  for (const segments of lines) segments.sort((a, b) => a[0] - b[0]);
  return { version: 3, sources: [file], names: [], mappings: encode(lines) };
}

/** Looks up a 0-based generated position: the original position of the nearest mapping at or before it in its line. */
export function originalPosition(
  mappings: string,
): (line: number, column: number) => [line: number, column: number] | undefined {
  const decoded: SourceMapMappings = decode(mappings);
  return (line, column) => {
    let found: [number, number] | undefined;
    for (const segment of decoded[line] ?? []) {
      if (segment[0] > column) break;
      if (segment.length > 1) found = [segment[2] ?? 0, segment[3] ?? 0];
    }
    return found;
  };
}
