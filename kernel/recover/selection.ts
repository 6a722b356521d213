import { fail } from "../errors.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/** What is replayed, and what of the lost is left out. */
export interface Selection {
  readonly chosen: readonly JournalEntry[];
  readonly left: readonly JournalEntry[];
}

/**
 * Chooses from the journal: `1-3 5` names cells by their numbers, the latest run of each; without words, all that was lost
 * and had not failed. Throws the catalogue's errors.
 */
export function select(journal: Journal, words: string): Selection {
  if (words !== "") return { chosen: numbered(journal, words), left: [] };
  const lost = journal.entries.filter((entry) => entry.lost);
  const chosen = lost.filter(({ end }) => end === "ok");
  return { chosen, left: lost.filter((entry) => !chosen.includes(entry)) };
}

function numbered(journal: Journal, words: string): JournalEntry[] {
  const wanted = new Set(words.split(/[\s,]+/).flatMap(range));
  const chosen = journal.entries.filter(({ number }) => wanted.has(number));
  const latest = chosen.filter((entry) => entry === chosen.findLast(({ number }) => number === entry.number));
  const missing = [...wanted].find((number) => !latest.some((entry) => entry.number === number));
  if (missing !== undefined) throw fail("notInJournal", missing);
  return latest.sort((a, b) => a.number - b.number);
}

/** `3` or `1-3`; what is longer than any session is not counted out. */
function range(word: string): number[] {
  const [, from = "", to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(word) ?? [];
  const first = Number(from);
  const last = Number(to);
  if (from === "" || last < first || last - first > 100_000) throw fail("cellNumbers", word);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** `1-3, 5`: numbers as a reader writes them. */
export function inWords(entries: readonly JournalEntry[]): string {
  const runs: [number, number][] = [];
  for (const { number } of entries) {
    const last = runs.at(-1);
    if (last && (number === last[1] + 1 || number === last[1])) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}
