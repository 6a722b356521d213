/** A stored cell. */
export interface StoredCell {
  /** Numbers of sessions rise with time. */
  readonly session: number;
  /** Its execution count. */
  readonly number: number;
  readonly source: string;
  /** Its result as plain text. */
  readonly output?: string | undefined;
}

/** What a history_request asks for, in Jupyter's own names; nothing in it has been checked. */
export type HistoryQuery = Readonly<Record<string, unknown>>;

/** A stored cell as Jupyter's history messages name it: session, execution count, source. */
export type HistoryEntry = [
  session: number,
  number: number,
  source: string | [source: string, output: string | null],
];

/**
 * What a history_request asks for: the last `n` cells (`tail`), those of one session from `start` to before `stop`
 * (`range`; session 0 is `current`, -1 the one before), or the last `n` that match a glob `pattern` (`search`).
 */
export function selectHistory(
  cells: readonly StoredCell[],
  current: number,
  query: HistoryQuery,
): HistoryEntry[] {
  const { hist_access_type: access, n, session, start, stop, pattern, unique, output } = query;
  const count = typeof n === "number" && n >= 0 ? n : Number.POSITIVE_INFINITY;
  let chosen = [...cells];
  if (access === "range") {
    const from = typeof start === "number" ? start : 0;
    const to = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
    const wanted = sessionOf(cells, current, typeof session === "number" ? session : 0);
    chosen = chosen.filter((cell) => cell.session === wanted && cell.number >= from && cell.number < to);
  } else {
    if (access === "search") {
      const matches = glob(typeof pattern === "string" ? pattern : "*");
      chosen = chosen.filter((cell) => matches(cell.source));
      // Of equal sources the latest stays, in the latest's place.
      if (unique === true) {
        const latest = new Map(chosen.map((cell) => [cell.source, cell]));
        chosen = chosen.filter((cell) => latest.get(cell.source) === cell);
      }
    }
    chosen = count === 0 ? [] : chosen.slice(-count);
  }
  return chosen.map((cell) => [
    cell.session,
    cell.number,
    output === true ? [cell.source, cell.output ?? null] : cell.source,
  ]);
}

/** The number of a session: itself where it is positive, else counted back from the current one. */
function sessionOf(cells: readonly StoredCell[], current: number, asked: number): number | undefined {
  if (asked > 0) return asked;
  const all = [...new Set([...cells.map((cell) => cell.session), current])].sort((a, b) => b - a);
  return all[all.indexOf(current) - asked];
}

/**
 * A glob over a whole text: `*` is any text, `?` any character. Without a regular expression, whose backtracking a
 * pattern of many stars would make endless.
 */
function glob(pattern: string): (text: string) => boolean {
  return (text) => {
    let p = 0;
    let star = -1;
    let resume = 0;
    for (let t = 0; t < text.length; ) {
      if (pattern[p] === "*") {
        star = p++;
        resume = t;
      } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else return false;
    }
    while (pattern[p] === "*") p++;
    return p === pattern.length;
  };
}
