// User code may replace the global timers.
import { clearTimeout, setTimeout } from "node:timers";
import { count } from "../display/words.ts";

/** Text is collected for so long before it is shown, in ms. */
const EVERY = 30;
/** The start of a line is shown after so long, though its end has not come. */
const UNFINISHED = 300;
/** Lines a second, beyond which only their number is told, and how much a run may say at once. */
const RATE = 2000;
const BURST = 40_000;

type Name = "stdout" | "stderr";

/** Shows what workers print: each line with its worker's number, in pieces, and not more than anyone could read. */
export class TaggedOutput {
  readonly #show: (name: Name, text: string) => void;
  readonly #now: () => number;
  /** Lines that have no end yet, by stream and worker. */
  readonly #open = new Map<string, { name: Name; worker: number; text: string }>();
  #pending: { name: Name; text: string }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #allowed = BURST;
  #since: number;
  readonly #hidden = new Map<number, number>();

  constructor(show: (name: Name, text: string) => void, now: () => number = () => performance.now()) {
    this.#show = show;
    this.#now = now;
    this.#since = now();
  }

  add(name: Name, text: string, worker: number): void {
    const key = `${name} ${worker}`;
    const lines = ((this.#open.get(key)?.text ?? "") + text).split("\n");
    const rest = lines.pop() ?? "";
    if (rest === "") this.#open.delete(key);
    else this.#open.set(key, { name, worker, text: rest });
    for (const line of lines) this.#line(name, line, worker);
    this.#timer ??= setTimeout(() => this.#tick(), this.#pending.length > 0 ? EVERY : UNFINISHED);
  }

  /** Shows all that is there. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { name, worker, text } of this.#open.values()) this.#line(name, text, worker);
    this.#open.clear();
    this.#write();
    if (this.#hidden.size === 0) return;
    const told = [...this.#hidden].map(([worker, lines]) => `${count(lines)} of worker ${worker}`);
    this.#hidden.clear();
    this.#show(
      "stderr",
      `Not shown, as there were more than ${count(RATE)} a second: lines, ${told.join(", ")}.\n`,
    );
  }

  #tick(): void {
    this.#timer = undefined;
    if (this.#pending.length > 0) {
      this.#write();
      if (this.#open.size > 0) this.#timer = setTimeout(() => this.#tick(), UNFINISHED);
    } else {
      for (const { name, worker, text } of this.#open.values()) this.#line(name, text, worker);
      this.#open.clear();
      this.#write();
    }
  }

  #line(name: Name, line: string, worker: number): void {
    const now = this.#now();
    this.#allowed = Math.min(BURST, this.#allowed + ((now - this.#since) * RATE) / 1000);
    this.#since = now;
    if (this.#allowed < 1) {
      this.#hidden.set(worker, (this.#hidden.get(worker) ?? 0) + 1);
      return;
    }
    this.#allowed--;
    const last = this.#pending.at(-1);
    const text = `[worker ${worker}] ${line}\n`;
    if (last?.name === name) last.text += text;
    else this.#pending.push({ name, text });
  }

  #write(): void {
    for (const { name, text } of this.#pending) this.#show(name, text);
    this.#pending = [];
  }
}
