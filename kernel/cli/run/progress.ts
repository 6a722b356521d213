import type { WriteStream } from "node:tty";
import { secondsText } from "../duration.ts";
import { type CellResult, firstLine, isGood, problemOf } from "./result.ts";

/** How often the live line shows the time anew, in ms. */
const TICK = 250;

/** Tells on stderr how a run goes: a line for each cell that ended, and on a terminal one for the cell that runs. */
export class Progress {
  readonly #out: Pick<WriteStream, "write" | "isTTY" | "columns">;
  readonly #inActions: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Pick<WriteStream, "write" | "isTTY" | "columns"> = process.stderr) {
    this.#out = out;
    this.#inActions = process.env.GITHUB_ACTIONS === "true";
  }

  /** Text of a line of its own. */
  say(text: string): void {
    this.#out.write(`${this.#guarded(text)}\n`);
  }

  /** Text as it stands. */
  write(text: string): void {
    this.#out.write(this.#guarded(text));
  }

  start(cell: CellResult, total: number): void {
    if (!this.#out.isTTY) return;
    const started = performance.now();
    let shown = "";
    const draw = () => {
      const seconds = Math.floor((performance.now() - started) / 1000);
      const time = seconds > 0 ? `${seconds} s  ` : "";
      const line = `[${cell.number}/${total}] … ${time}${firstLine(cell)}`;
      if (line === shown) return;
      shown = line;
      // A line that wraps could not be taken back.
      this.#out.write(`\r\x1b[K${line.slice(0, (this.#out.columns || 80) - 1)}`);
    };
    draw();
    this.#timer = setInterval(draw, TICK);
    this.#timer.unref();
  }

  end(cell: CellResult, total: number): void {
    clearInterval(this.#timer);
    if (this.#out.isTTY) this.#out.write("\r\x1b[K");
    const { number, status, seconds, difference } = cell;
    const word = status === "ok" && difference !== undefined ? "differs" : status;
    this.say(`[${number}/${total}] ${word} ${secondsText(seconds)}  ${firstLine(cell)}`);
    if (isGood(cell)) return;
    const head =
      difference === undefined && status === "failed" ? `Cell ${number} failed:` : `Cell ${number}:`;
    this.say(`\n${head}\n${problemOf(cell)}\n`);
  }

  /** GitHub takes lines that start so for commands of the workflow; a notebook's text must not give any. */
  #guarded(text: string): string {
    return this.#inActions ? text.replace(/^(?=\s*::)|(?=##\[)/gm, "| ") : text;
  }
}
