import type { Note } from "../parallel/dispatch/notes.ts";
import { itemsText } from "../parallel/trace/chrome.ts";
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

function whyEnded({ code, signal, lastWords, where }: EngineExit): string {
  if (/heap out of memory|Reached heap limit/.test(lastWords)) {
    return "JavaScript's heap was full: the cell held more objects than the process may keep.";
  }
  if (where !== undefined) return `User code called process.exit(${code ?? ""})${where && ` at ${where}`}.`;
  const words = lastLines(lastWords);
  const said = words && ` Its last lines were:\n${words}\n`;
  if (signal === "SIGKILL") {
    return `It was killed (SIGKILL), as the operating system does when memory runs out, or by another process.${said}`;
  }
  if (signal === "SIGSEGV" || signal === "SIGBUS" || signal === "SIGILL" || signal === "SIGFPE") {
    return `Native code crashed (${signal}).${said}`;
  }
  if (signal) return `It was ended by ${signal}.${said}`;
  if (code === null) return `It could not be started.${said}`;
  return `It ended with exit code ${code}.${said}`;
}

/** The last few lines that say something. */
function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-5).join("\n");
}
