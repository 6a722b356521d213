import { lineMagics } from "../../cells/line-magics.ts";
import { splitCell } from "../../cells/split.ts";
import { writeAttributes } from "./attributes.ts";
import {
  isMagicCell,
  LOOKS_LIKE_MAGIC,
  LOOKS_LIKE_MARKER,
  MODULE_LINE,
  type PercentCell,
  type PercentNotebook,
} from "./format.ts";

/** Statements that make a file a module. */
const DECLARES_MODULE = /^(?:import\s*[\w*{"'$]|export\b)/m;

/** A notebook as TypeScript in the percent format. Outputs are not in it. */
export function writePercent({ metadata, minor, cells }: PercentNotebook): string {
  const header = [
    "// ---",
    `// ${JSON.stringify({ jupyter: metadata, nbformat_minor: minor })}`,
    "// ---",
    "",
  ];
  const isModule = cells.some(
    ({ type, source }) => type === "code" && !isMagicCell(source) && DECLARES_MODULE.test(source),
  );
  const lines = [
    ...header,
    ...(isModule ? [] : [MODULE_LINE, ""]),
    ...cells.flatMap((cell) => [
      `// %% ${writeAttributes(cell)}`.trimEnd(),
      ...(cell.source === "" ? [] : bodyLines(cell)),
      "",
    ]),
  ];
  return lines.join("\n");
}

function bodyLines({ type, source }: PercentCell): string[] {
  const lines = source.split("\n");
  // Of another language, or none.
  if (type !== "code" || isMagicCell(source)) return lines.map(commented);
  const magicLines = findMagics(source);
  return lines.map((line, i) => {
    if (magicLines.has(i + 1)) return `// ${line}`;
    return LOOKS_LIKE_MAGIC.test(line) ? `// ${line}` : line;
  });
}

function commented(line: string): string {
  if (line === "") return "//";
  return LOOKS_LIKE_MARKER.test(line) ? `// // ${line}` : `// ${line}`;
}

/** The lines (from 1) that are line magics; of a cell with an unknown one all that look like one. */
function findMagics(source: string): Set<number> {
  try {
    return new Set(splitCell(source, lineMagics).flatMap((piece) => ("magic" in piece ? [piece.line] : [])));
  } catch {
    return new Set(source.split("\n").flatMap((line, i) => (/^%+[A-Za-z_]/.test(line) ? [i + 1] : [])));
  }
}
