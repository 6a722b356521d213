/** One run of a cell. */
export interface JournalEntry {
  readonly number: number;
  readonly source: string;
  /** `died`: the engine ended while it ran, or by what it had left behind. */
  end: "running" | "ok" | "error" | "died";
  /** What it had made ended with its engine. */
  lost: boolean;
}

/** More runs than this are not kept: what a day's loop of cells would hold. */
const MOST = 20_000;

/** A cell that replays others is not itself replayed. */
const REPLAYS = /^%recover\b/m;

/** The cells that ran since the kernel was started, in the order in which what they made came to be. */
export class Journal {
  #entries: JournalEntry[] = [];
  #forgotten = 0;

  /** A cell starts; undefined for one that is not kept. */
  begin(number: number, source: string): JournalEntry | undefined {
    if (REPLAYS.test(source)) return undefined;
    const entry: JournalEntry = { number, source, end: "running", lost: false };
    this.#entries.push(entry);
    if (this.#entries.length > MOST) {
      this.#entries.shift();
      this.#forgotten++;
    }
    return entry;
  }

  /** A cell of the journal ran once more, to its end: it now stands last. */
  replayed(entry: JournalEntry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#entries.push({ ...entry, end: "ok", lost: false });
  }

  /** The engine has ended with all that the cells had made; `culprit`: the number of a cell that is known to have ended it. */
  engineReplaced(culprit?: number): void {
    for (const entry of this.#entries) entry.lost = true;
    const last = this.#entries.findLast(({ number }) => number === culprit);
    if (last && last.end !== "running") last.end = "died";
  }

  /** The kernel was restarted: the user wants none of it. */
  clear(): void {
    this.#entries = [];
    this.#forgotten = 0;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** How many of the oldest are not kept any more. */
  get forgotten(): number {
    return this.#forgotten;
  }
}
