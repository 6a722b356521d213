import { fail } from "../../errors.ts";
import type { HistoryQuery } from "./select.ts";

/**
 * Cells as IPython writes them: `4`, `4-6` (both ends), `~1/3` (cell 3 of the session before), `~2/1-4`, `~1/` (a whole session); apart by spaces or
 * commas. Throws the catalogue's `cellRange`.
 */
export function readRanges(text: string, form: string): HistoryQuery[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return words.map((word) => {
    const [all, back, first, last] = /^(?:~(\d+)\/)?(?:(\d+)(?:-(\d+))?)?$/.exec(word) ?? [];
    if (all === undefined || (back === undefined && first === undefined)) throw fail("cellRange", form, word);
    const start = first === undefined ? 0 : Number(first);
    const stop = first === undefined ? {} : { stop: Number(last ?? first) + 1 };
    return { hist_access_type: "range", session: back === undefined ? 0 : -Number(back), start, ...stop };
  });
}
