import type { Inspection } from "../service.ts";
import { withoutCellNames } from "./scope.ts";

/** LSP `Hover`, as far as it is used. */
export interface Hover {
  readonly contents: { readonly value: string };
}

/** A hover's Markdown taken apart: its first code block, and the rest. */
export function inspectionOf(hover: Hover | null): Inspection | undefined {
  const [, code = "", documentation = ""] =
    /^```\w*\n(.*?)\n```\s*(.*)$/s.exec(hover?.contents.value ?? "") ?? [];
  if (code === "") return undefined;
  const signature = withoutCellNames(code)
    .replace(/^\(alias\) /, "")
    // An alias says where it comes from on a line of its own.
    .replace(/\nimport .*$/s, "");
  return { signature, documentation: documentation.trim() };
}

/** Offsets worth asking about for a cursor: where it is, what it stands behind, the function of the open call. */
export function inspectedOffsets(text: string, offset: number): number[] {
  const offsets = [offset, offset - 1];
  let depth = 0;
  for (let at = offset - 1; at >= 0; at--) {
    const char = text[at] ?? "";
    if (")]}".includes(char)) depth++;
    else if ("([{".includes(char) && --depth < 0) {
      if (char === "(") offsets.push(at - 1);
      break;
    }
  }
  return offsets.filter((at) => at >= 0 && /[\p{ID_Continue}$]/u.test(text[at] ?? ""));
}
