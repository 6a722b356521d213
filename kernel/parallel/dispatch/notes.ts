import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOTE } from "../protocol.ts";

/** The items from `lo` to before `hi`, of which a worker has begun one. */
export interface Note {
  /** From 1. */
  readonly worker: number;
  readonly lo: number;
  readonly hi: number;
}

/** The file in which the workers of an engine write down what they work on: it outlives a crash. */
const notesFile = (engine: number, kind: "threads" | "processes" = "threads"): string =>
  join(tmpdir(), `tandem-items-${engine}-${kind}`);

/** Makes this engine's file of notes, for its user alone; undefined where that cannot be. */
export function makeNotes(kind: "threads" | "processes"): string | undefined {
  const file = notesFile(process.pid, kind);
  try {
    remove(file);
    // Fails where somebody else has put one there.
    closeSync(openSync(file, "wx", 0o600));
    return file;
  } catch {
    return undefined;
  }
}

/** What the workers of an engine, which may have ended, were at; in the order of their numbers. */
function readNotes(file: string | undefined): Note[] {
  if (file === undefined) return [];
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return [];
  }
  const words = new Float64Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 8));
  const notes: Note[] = [];
  for (let at = 0; at + NOTE.length <= words.length; at += NOTE.length) {
    const [run = 0, lo = -1, hi = -1] = words.subarray(at, at + NOTE.length);
    if (run > 0 && lo >= 0) notes.push({ worker: at / NOTE.length + 1, lo, hi });
  }
  return notes;
}

/** What one worker was at; undefined between items. */
export const readNote = (file: string | undefined, worker: number): Note | undefined =>
  readNotes(file).find((note) => note.worker === worker);

/** Forgets what a worker was at. */
export function clearNote(file: string | undefined, worker: number): void {
  if (file === undefined) return;
  const words = new Float64Array(NOTE.length).fill(-1);
  try {
    const open = openSync(file, "r+");
    writeSync(open, words, 0, words.byteLength, (worker - 1) * words.byteLength);
    closeSync(open);
  } catch {
    // There is none.
  }
}

/** What the threads of an engine that has ended were at; removes its files of notes. */
export function takeNotes(engine: number): Note[] {
  const notes = readNotes(notesFile(engine, "threads"));
  remove(notesFile(engine, "threads"));
  remove(notesFile(engine, "processes"));
  return notes;
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It had no parallel runs.
  }
}
