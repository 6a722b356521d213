import { isComplete } from "../typescript/is-complete.ts";
import { lineMagics } from "./line-magics.ts";
import { readHead } from "./magic-line.ts";
import type { Completeness } from "./requests.ts";
import { splitCell } from "./split.ts";

/** Whether a cell could run as it stands, for consoles that ask at each Enter. Only its author knows where another language ends. */
export function completeness(text: string): Completeness {
  if (readHead(text)) return { status: "unknown" };
  try {
    const pieces = splitCell(text, lineMagics);
    const last = pieces.at(-1);
    return last === undefined || "magic" in last ? { status: "complete" } : isComplete(last.typescript);
  } catch {
    return { status: "invalid" };
  }
}
