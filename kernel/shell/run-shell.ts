import { constants } from "node:os";
import type { Cell, CellOutcome } from "../cells/cell.ts";
import type { Session } from "../cells/session.ts";
import { fail, type TandemError } from "../errors.ts";
import type { CommandEnd } from "./command.ts";
import { commands } from "./commands.ts";
import type { Surroundings } from "./engine.ts";
import { findShell } from "./find-shell.ts";

/** A text for a shell. */
export interface ShellText {
  readonly text: string;
  /** As errors name it: its first line that says something, if left out. */
  readonly title?: string;
  /** By name or path; the system's if left out. */
  readonly shell?: string | undefined;
  /** Absolute; where TypeScript cells are now if left out. */
  readonly cwd?: string;
  /** What the environment has beside that of TypeScript cells, which is given. */
  readonly env?: (around: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
  /** The name under which stdout is declared instead of being shown. */
  readonly out?: string | undefined;
}

/** How much text `--out` takes, in UTF-16 units: about what a string can hold. */
const MOST_KEPT = 256 * 1024 * 1024;

/** Runs a text in a shell, in the folder and with the environment that TypeScript cells have. Throws the catalogue's errors. */
export async function runShell(cell: Cell, session: Session, shellText: ShellText): Promise<CellOutcome> {
  const { text, shell: asked, out } = shellText;
  const around = await surroundings(cell, session);
  const env = { ...around.env, ...shellText.env?.(around.env) };
  const shell = findShell(asked, env);
  const title = shellText.title ?? titleOf(text);
  const kept = new Kept();
  const { output } = cell;
  // Aborted by an interrupt, or where more is printed than can be kept.
  const tooMuch = new AbortController();
  const end = await session
    .part(commands)
    .run({
      file: shell.file,
      args: shell.args(text),
      cwd: shellText.cwd ?? around.cwd,
      env,
      signal: AbortSignal.any([cell.signal, tooMuch.signal]),
      text(name, chunk) {
        if (name === "stderr" || out === undefined) output.stream(name, chunk);
        else if (!kept.add(chunk)) tooMuch.abort();
      },
      drained: () => output.drained(),
    })
    .catch((error: Error) => {
      if (tooMuch.signal.aborted && !cell.signal.aborted) throw fail("commandTooMuch", title);
      throw "code" in error ? fail("commandCannotStart", title, error.message) : error;
    });
  const failure = failureOf(end, title, asked);
  if (out !== undefined) {
    const value = kept.text();
    // Of a command that failed what it said is worth more than a name.
    if (failure) output.stream("stdout", value);
    else
      await session.engine.call(cell, "cells.define", { name: out, value: value.replace(/(?:\r?\n)+$/, "") });
  }
  if (failure) throw failure;
  return { status: "ok" };
}

/** Folder and environment of the cells' process. */
export async function surroundings(cell: Cell, session: Session): Promise<Surroundings> {
  // The engine's half of this part answers so.
  return (await session.engine.call(cell, "shell.surroundings", {})) as Surroundings;
}

function failureOf(
  { code, signal }: CommandEnd,
  title: string,
  shell: string | undefined,
): TandemError | undefined {
  if (code === 0) return undefined;
  if (signal) return fail("commandKilled", title, signal);
  if (code === 127) return fail("commandNotFound", title);
  const by = Object.entries(constants.signals).find(([, number]) => 128 + number === code)?.[0];
  if (by && !shell) return fail("commandKilled", title, by);
  return fail("commandFailed", title, code ?? 1);
}

function titleOf(text: string): string {
  const line =
    text
      .split("\n")
      .find((one) => one.trim() !== "" && !/^\s*#/.test(one))
      ?.trim() ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Text that is kept instead of shown. */
class Kept {
  readonly #chunks: string[] = [];
  #length = 0;

  /** False where it is too much. */
  add(chunk: string): boolean {
    this.#length += chunk.length;
    if (this.#length > MOST_KEPT) return false;
    this.#chunks.push(chunk);
    return true;
  }

  text(): string {
    return this.#chunks.join("");
  }
}
