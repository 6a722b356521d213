/** A stored cell as Jupyter's history messages name it: session, execution count, source. */
export type HistoryEntry = [session: number, number: number, source: string | [source: string, output: null]];

/** Jupyter numbers sessions; history is kept for the running one only. */
const SESSION = 1;

/**
 * What a history_request asks for: the last `n` cells (`tail`), those from `start` to before `stop` (`range`), or the last
 * `n` that match a glob `pattern` (`search`). Outputs are not stored: where they are asked for, they are null.
 */
export function selectHistory(
  cells: readonly { number: number; source: string }[],
  request: Record<string, unknown>,
): HistoryEntry[] {
  const { hist_access_type: access, n, start, stop, pattern, unique, output } = request;
  const count = typeof n === "number" && n >= 0 ? n : Number.POSITIVE_INFINITY;
  let chosen = [...cells];
  if (access === "range") {
    const from = typeof start === "number" ? start : 0;
    const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
    chosen = chosen.filter((cell) => cell.number >= from && cell.number < to);
  } else {
    if (access === "search") {
      const matches = glob(typeof pattern === "string" ? pattern : "*");
      chosen = chosen.filter((cell) => matches.test(cell.source));
      // Of equal sources the latest stays.
      if (unique === true) chosen = [...new Map(chosen.map((cell) => [cell.source, cell])).values()];
    }
    chosen = count === 0 ? [] : chosen.slice(-count);
  }
  return chosen.map((cell) => [SESSION, cell.number, output === true ? [cell.source, null] : cell.source]);
}

/** A glob over a whole text: `*` is any text, `?` any character. */
function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[\\s\\S]*").replaceAll("?", "[\\s\\S]")}$`);
}
