import { object } from "../notebook.ts";
import { readAttributes } from "./attributes.ts";
import {
  LOOKS_LIKE_MAGIC,
  LOOKS_LIKE_MARKER,
  MARKER,
  MODULE_LINE,
  type PercentCell,
  type PercentNotebook,
} from "./format.ts";

/** A notebook's cells and metadata from TypeScript in the percent format; a file without markers is one cell. */
export function readPercent(text: string): PercentNotebook {
  const plain = text.replace(/^\uFEFF/, "");
  // Git may have changed the line ends of the whole file, but a cell may hold such ends itself.
  const isWindows = /\r\n/.test(plain) && !/(?<!\r)\n/.test(plain);
  const lines = (isWindows ? plain.replaceAll("\r\n", "\n") : plain).split("\n");
  const { header, rest } = takeHeader(lines);
  const metadata = object(header.jupyter);
  const minor = typeof header.nbformat_minor === "number" ? header.nbformat_minor : 5;
  return { metadata, minor, cells: readCells(rest) };
}

/** The header between two lines `// ---`; JSON, which YAML's readers take as well. */
function takeHeader(lines: readonly string[]): { header: Record<string, unknown>; rest: readonly string[] } {
  if (lines[0] !== "// ---") return { header: {}, rest: lines };
  const end = lines.indexOf("// ---", 1);
  if (end < 0) return { header: {}, rest: lines };
  const inside = lines.slice(1, end).map((line) => line.replace(/^\/\/ ?/, ""));
  let header: Record<string, unknown> = {};
  try {
    header = object(JSON.parse(inside.join("\n")));
  } catch {
    // Jupytext's own header is YAML and says nothing that the cells need.
  }
  return { header, rest: lines.slice(end + 1) };
}

function readCells(lines: readonly string[]): PercentCell[] {
  const starts = lines.flatMap((line, i) => (MARKER.test(line) ? [i] : []));
  const before = lines.slice(0, starts[0] ?? lines.length).filter((line) => line !== MODULE_LINE);
  const cells = starts.map((start, i) => {
    const attributes = readAttributes(MARKER.exec(lines[start] ?? "")?.[1] ?? "");
    const body = lines.slice(start + 1, starts[i + 1] ?? lines.length);
    // One empty line stands between a cell and the next marker, or the file's end.
    if (body.at(-1) === "") body.pop();
    return { ...attributes, source: sourceOf(attributes.type, body) };
  });
  if (before.every((line) => line.trim() === "")) return cells;
  const source = before.join("\n").trim();
  return [{ type: "code", id: undefined, metadata: {}, attachments: undefined, source }, ...cells];
}

function sourceOf(type: string, lines: readonly string[]): string {
  const ofMagic = lines[0]?.startsWith("// %%") && lines.every((line) => line.startsWith("//"));
  if (type !== "code" || ofMagic) return lines.map(uncommented).join("\n");
  return lines.map((line) => (LOOKS_LIKE_MAGIC.test(line) ? line.slice(3) : line)).join("\n");
}

function uncommented(line: string): string {
  const text = line.replace(/^\/\/ ?/, "");
  return text.startsWith("// ") && LOOKS_LIKE_MARKER.test(text) ? text.slice(3) : text;
}
