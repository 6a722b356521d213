import { appendFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fail } from "../errors.ts";
import { writeWhole } from "../notebook/file.ts";
import { surroundings } from "../shell/run-shell.ts";
import type { CellMagic } from "./magic.ts";
import { declaredOut, optionText } from "./option-values.ts";

/** `%%writefile`: the cell's text goes into a file. */
export const writefile: CellMagic = {
  name: "writefile",
  summary: "Write the cell's text into a file",
  rest: "file",
  options: [{ long: "append", short: "a", help: "put it behind what the file holds" }],
  example: "%%writefile greet.ts\nexport const greet = (name: string) => name.toUpperCase()",
  details:
    "A relative path is seen from the notebook's folder, or from where `%cd` went. The file is replaced whole or not at all: it is written " +
    "aside and renamed. The text ends in a line end. `--out name` declares the file's absolute path. A module that is written so can be " +
    "imported in the next cell, and imported anew when it has changed.",
  extension: "txt",
  check: ({ rest }) => void pathOf(rest),
  async run(cell, session) {
    const { body, rest, options, output } = cell;
    const path = pathOf(rest);
    const { cwd } = await surroundings(cell, session);
    const file = resolve(cwd, path.replace(/^~(?=$|[\\/])/, homedir()));
    const text = body === "" || body.endsWith("\n") ? body : `${body}\n`;
    const before = await stat(file).catch(() => undefined);
    if (before?.isDirectory()) throw fail("cannotWrite", path, "It is a folder.");
    const appends = options.has("append");
    if (appends) {
      await appendFile(file, text).catch((error: Error) => {
        throw fail("cannotWrite", path, `${error.message}.`);
      });
    } else await writeWhole(file, text);
    const done = !before ? "Wrote" : appends ? "Appended to" : "Replaced";
    output.stream("stdout", `${done} ${file}\n`);
    const out = optionText(options, "out");
    if (out !== undefined) await session.engine.call(cell, "cells.define", { name: out, value: file });
    return { status: "ok" };
  },
  typeView: async ({ options }) => ({ text: declaredOut(options, "string") }),
};

function pathOf(rest: string): string {
  const path = rest.replace(/^(["'])(.*)\1$/, "$2");
  if (path === "") throw fail("missingText", "%%writefile", "file");
  return path;
}
