import type { Note } from "../parallel/dispatch/notes.ts";
import { itemsText } from "../timeline/spans.ts";
import type { EngineExit } from "./engine-process.ts";

/** Why an engine ended, in a sentence or more, from what its process left behind. */
export function explainExit(exit: EngineExit): string {
  const { items = [], reason } = exit;
  if (reason !== undefined) return reason;
  const why = whyEnded(exit);
  return items.length > 0 ? `${why.trimEnd()}\n${underWay(items)}` : why;
}

/** What parallel workers were at when the engine ended: they are threads of it. */
function underWay(items: readonly Note[]): string {
  const list = items.map(({ worker, lo, hi }) => `${itemsText(lo, hi)} (worker ${worker})`).join(", ");
  const which = items.length === 1 ? "it may well be what ended it" : "one of them may well be what ended it";
  return `Parallel workers were at ${list}; ${which}. Under --isolate only the item's own process ends, and the item is named.\n`;
}

function whyEnded(exit: EngineExit): string {
  const { code, signal, lastWords, where } = exit;
  if (/heap out of memory|Reached heap limit/.test(lastWords)) {
    return `JavaScript's heap was full: the cell held more objects than the process may keep.${placeOf(exit)}`;
  }
  if (/Fatal JavaScript invalid size error/.test(lastWords)) {
    return `One array grew larger than JavaScript allows; typed arrays hold more.${placeOf(exit)}`;
  }
  if (/Array buffer allocation failed|invalid array buffer length/i.test(lastWords) && signal) {
    return `There was no memory for another buffer (${signal}).${placeOf(exit)}`;
  }
  if (where !== undefined) return `User code called process.exit(${code ?? ""})${where && ` at ${where}`}.`;
  const words = lastLines(lastWords);
  const said = `${placeOf(exit)}${words && ` Its last lines were:\n${words}\n`}`;
  if (signal && /has overflowed its stack/.test(lastWords)) {
    return `Native code called itself too deeply: its stack was full (${signal}).${said}`;
  }
  if (signal) return `${SIGNALS[signal] ?? "It was ended by a signal"} (${signal}).${said}`;
  if (code === null) return `It could not be started.${said}`;
  return `It ended with exit code ${code}.${said}`;
}

/** What it means to be ended by a signal, as signal(7) has it and as it comes about in an engine. */
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGKILL: "It was killed, as the operating system does when memory runs out, or by another process",
  SIGTERM: "It was asked to end, by another process or by user code",
  SIGINT: "It was asked to end, by another process or by user code",
  SIGHUP: "It was asked to end, by another process or by user code",
  SIGSEGV: "Native code crashed: it used memory that is not its own (a wrong pointer), or its stack was full",
  SIGBUS: "Native code crashed: it used memory that is not there, such as a mapped file that became shorter",
  SIGILL:
    "Native code crashed: it reached an instruction that this processor does not have, or a place that it must not reach",
  SIGFPE: "Native code crashed: it calculated what has no result, such as a division by zero",
  SIGABRT: "It gave up: Node, native code or user code met a state that it cannot go on from, and aborted",
  SIGTRAP: "It stopped itself: V8 or native code met a state that it must not go on from",
  SIGXCPU: "It used more processor time than the system allows it",
  SIGXFSZ: "It wrote a file larger than the system allows it",
};

/**
 * The line at which the cell was, where Node wrote down the JavaScript stack before its end. It gives cells no name there: the frame
 * that the inspector called is the running cell's.
 */
function placeOf({ lastWords, file }: EngineExit): string {
  const stack = /-+ JavaScript stack trace -+([\s\S]*)$/.exec(lastWords)?.[1] ?? "";
  const [, place] = /:(\d+:\d+)\)?\n\s*\d+: post \(node:inspector/.exec(stack) ?? [];
  return file && place ? ` It was at ${file}:${place}.` : "";
}

/** The last few lines that say something to who wrote the cell: no addresses, no frames of Node's and ours. */
function lastLines(text: string): string {
  const [before = ""] = text.split(/^.*-+ (?:JavaScript|Native) stack trace -+.*$/m);
  const lines = before.split("\n").filter((line) => !/^#?\s*$|^#FailureMessage|^\s*\d+: /.test(line));
  return lines.slice(-5).join("\n");
}
