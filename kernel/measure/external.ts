import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fail } from "../errors.ts";
import type { Sample } from "./rounds.ts";

/** A side that is no code of the notebook: a shell command, or a request. */
export type External =
  | { readonly kind: "shell"; readonly command: string }
  | { readonly kind: "http"; readonly method: string; readonly url: string };

/** A side's line, `sorted: %sh sort words.txt` or `home: GET http://localhost:8000/`. */
export const externalSide =
  /^([A-Za-z_$][\w$]*)[ \t]*:[ \t]*(?:%sh[ \t]+(.+?)|(GET|HEAD|POST|PUT|DELETE)[ \t]+(https?:\/\/\S+?))[ \t]*;?[ \t]*$/gm;

/** In the place of such a line's statement there stands a text that TypeScript reads, which no user writes. */
const marker = "\u0001tandem-external-";

/** Replaces the lines of external sides by statements; `external` tells them by those statements' texts. */
export function withoutExternals(source: string): {
  text: string;
  external(literal: unknown): External | undefined;
} {
  const found: External[] = [];
  const text = source.replace(
    externalSide,
    (_, label: string, command: string | undefined, method = "GET", url = "") => {
      found.push(command === undefined ? { kind: "http", method, url } : { kind: "shell", command });
      return `${label}: ${JSON.stringify(marker + (found.length - 1))}`;
    },
  );
  return {
    text,
    external: (literal) =>
      typeof literal === "string" && literal.startsWith(marker)
        ? found[Number(literal.slice(marker.length))]
        : undefined,
  };
}

/** Runs it once; what it gives. A command that fails and an answer of 400 or more throw the catalogue's errors. */
export function runExternal(external: External, folder: string, signal: AbortSignal): Promise<unknown> {
  return external.kind === "shell" ? runShell(external.command, folder, signal) : request(external, signal);
}

function runShell(command: string, folder: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // A shell of one command becomes it, so this ends the command.
      signal,
      killSignal: "SIGKILL",
    });
    let [out, said] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-500);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(out);
      else reject(fail("benchCommand", command, signal ?? `status ${code}`, said.trim()));
    });
  });
}

async function request(
  { method, url }: Extract<External, { kind: "http" }>,
  signal: AbortSignal,
): Promise<string> {
  const answer = await fetch(url, { method, signal });
  const body = await answer.text();
  if (!answer.ok) throw fail("benchAnswer", `${method} ${url}`, answer.status);
  return body;
}

/** Calls in a row by the clock of this process, with the processor time of the processes that they were. */
export function externalLoop(
  external: External,
  folder: string,
  signal: AbortSignal,
): (calls: number) => Promise<Sample> {
  return async (calls) => {
    const before = childSeconds();
    const start = performance.now();
    for (let call = 0; call < calls; call++) await runExternal(external, folder, signal);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, cpuSeconds: Math.max(0, childSeconds() - before) };
  };
}

/** Processor seconds of the children that have ended (proc(5), cutime and cstime, in ticks); 0 where it is not told. */
function childSeconds(): number {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    // The command in parentheses may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) * 0.01;
  } catch {
    return 0;
  }
}
