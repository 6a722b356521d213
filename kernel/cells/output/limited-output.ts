import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../../wire/message.ts";
import type { CellOutput, CommMessage } from "../cell.ts";
import type { Settings } from "../settings.ts";
import { LatestUpdates } from "./latest-updates.ts";
import { OutputFile } from "./output-file.ts";

/** How many displays a cell shows, and how often it goes from stdout to stderr or back: each is drawn by itself. */
const MOST_DISPLAYS = 5000;
const MOST_TURNS = 50_000;
/** How often the note tells of what is left out, in ms. */
const NOTE_INTERVAL = 1000;

/**
 * A cell's output, of which a front end gets no more than it can draw. What is past the limit is counted in a note below
 * the output and saved whole in a file; nothing is left out without that. Stdout and stderr have the limit each, so that
 * a flood on one does not hide an error on the other.
 */
export class LimitedOutput implements CellOutput {
  readonly #output: CellOutput;
  readonly #settings: Settings;
  readonly #number: number;
  readonly #updates: LatestUpdates;
  #shown = nothing();
  #last: "stdout" | "stderr" = "stdout";
  /** All the text so far, in its order, for the file; dropped at the cell's end. */
  #text: string[] | undefined = [];
  #left = { characters: 0, lines: 0, displays: 0 };
  #file: OutputFile | { readonly problem: string } | undefined;
  /** Whether the file has what the cell shows, too. */
  #whole = true;
  #note: string | undefined;
  #noteTimer: NodeJS.Timeout | undefined;

  /** `number`: the cell's. */
  constructor(output: CellOutput, settings: Settings, number: number) {
    this.#output = output;
    this.#settings = settings;
    this.#number = number;
    this.#updates = new LatestUpdates(output);
  }

  stream(name: "stdout" | "stderr", text: string): void {
    const limit = this.#settings.output_limit;
    const limited = limit !== Number.POSITIVE_INFINITY;
    if (name !== this.#last) this.#shown.turns++;
    this.#last = name;
    const room = limited && this.#shown.turns > MOST_TURNS ? 0 : limit - this.#shown[name];
    const shown = text.length <= room ? text : cut(text, room, this.#shown[name] === 0);
    this.#shown[name] += shown.length;
    if (shown !== "") {
      if (limited) this.#text?.push(shown);
      this.#output.stream(name, shown);
    }
    if (shown.length === text.length) return;
    // What is shown stays a beginning: nothing of this stream follows the gap.
    this.#shown[name] = Number.POSITIVE_INFINITY;
    this.#leave(text.slice(shown.length));
  }

  display(data: MimeBundle, metadata?: Record<string, unknown>, displayId?: string): void {
    if (displayId !== undefined) this.#updates.flush(displayId);
    if (this.#shown.displays < MOST_DISPLAYS || this.#settings.output_limit === Number.POSITIVE_INFINITY) {
      this.#shown.displays++;
      this.#output.display(data, metadata, displayId);
      return;
    }
    this.#left.displays++;
    this.#leave(`${String(data["text/plain"] ?? `[${Object.keys(data).join(", ")}]`)}\n`);
  }

  updateDisplay(displayId: string, data: MimeBundle, metadata?: Record<string, unknown>): void {
    this.#updates.update(displayId, data, metadata);
  }

  clear(wait: boolean): void {
    this.#updates.flush();
    this.#output.clear(wait);
    clearTimeout(this.#noteTimer);
    this.#noteTimer = undefined;
    this.#note = undefined;
    this.#shown = nothing();
    if (this.#file) this.#whole = false;
    else if (this.#text) this.#text = [];
  }

  result(data: MimeBundle, metadata?: Record<string, unknown>): void {
    this.#output.result(data, metadata);
  }

  comm(message: CommMessage): void {
    this.#output.comm?.(message);
  }

  nextInput(text: string): void {
    this.#output.nextInput?.(text);
  }

  async drained(): Promise<void> {
    const file = this.#file;
    await Promise.all([this.#output.drained(), file instanceof OutputFile ? file.drained() : undefined]);
  }

  /** The cell is over: what still waits goes out. Output that comes later is limited as before. */
  async finish(): Promise<void> {
    this.#updates.flush();
    this.#text = undefined;
    if (this.#file instanceof OutputFile) await this.#file.flushed();
    if (this.#noteTimer) this.#tell();
  }

  #leave(text: string): void {
    this.#file ??= this.#open();
    this.#left.characters += text.length;
    this.#left.lines += linesIn(text);
    if (this.#file instanceof OutputFile) this.#file.write(text);
    if (this.#note === undefined) this.#tell();
    else this.#noteTimer ??= setTimeout(() => this.#tell(), NOTE_INTERVAL).unref();
  }

  #open(): OutputFile | { problem: string } {
    try {
      const file = new OutputFile(this.#number);
      this.#whole = this.#text !== undefined;
      for (const part of this.#text ?? []) file.write(part);
      return file;
    } catch (error) {
      return { problem: `it could not be written: ${(error as Error).message}` };
    } finally {
      this.#text = undefined;
    }
  }

  /** Shows the note, or brings it up to date. */
  #tell(): void {
    clearTimeout(this.#noteTimer);
    this.#noteTimer = undefined;
    const data = { "text/plain": this.#noteText() };
    if (this.#note !== undefined) {
      this.#output.updateDisplay(this.#note, data);
      return;
    }
    this.#note = randomUUID();
    this.#output.display(data, {}, this.#note);
  }

  #noteText(): string {
    const { characters, lines, displays } = this.#left;
    const counts = [
      lines > 0 ? `${lines.toLocaleString("en")} lines (${sizeOf(characters)})` : sizeOf(characters),
      ...(displays > 0 ? [`among them ${displays.toLocaleString("en")} displays`] : []),
    ];
    return [
      `Not shown here, past the limit of a cell's output: ${counts.join(", ")}.`,
      this.#where(),
      "A cell shows more after %config output_limit = 100 MB, and everything after %config output_limit = off.",
    ].join("\n");
  }

  #where(): string {
    const file = this.#file;
    if (!(file instanceof OutputFile)) return `It is lost: ${file?.problem}.`;
    const what = this.#whole ? "The cell's whole output is in" : "It is in";
    return `${what} ${file.path}${file.problem === undefined ? "" : `: ${file.problem}`}.`;
  }
}

const nothing = () => ({ stdout: 0, stderr: 0, displays: 0, turns: 0 });

/** The beginning of a text that has room, in whole lines; a part of its first one where nothing is shown before it. */
function cut(text: string, room: number, first: boolean): string {
  const end = room > 0 ? text.lastIndexOf("\n", room - 1) + 1 : 0;
  if (end > 0 || !first) return text.slice(0, end);
  // Not between the halves of a character.
  return text.slice(0, /[\uD800-\uDBFF]/.test(text[room - 1] ?? "") ? room - 1 : room);
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function sizeOf(characters: number): string {
  if (characters < 1e6) return `${(characters / 1e3).toFixed(1)} KB`;
  return `${(characters / 1e6).toFixed(1)} MB`;
}
