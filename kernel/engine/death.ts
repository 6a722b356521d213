import type { EngineExit } from "./engine-process.ts";

/** Why an engine ended, in a sentence or more, from what its process left behind. */
export function explainExit({ code, signal, lastWords, where, reason }: EngineExit): string {
  if (reason !== undefined) return reason;
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
