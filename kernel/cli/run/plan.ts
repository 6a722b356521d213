import { canBeDeclared } from "../../cells/line-words.ts";
import { fail, TandemError } from "../../errors.ts";
import type { Destination } from "../../notebook/destination.ts";
import { readNotebook } from "../../notebook/file.ts";
import type { Notebook } from "../../notebook/notebook.ts";
import {
  type Parameter,
  readParameter,
  unknownParameters,
  withParameters,
} from "../../notebook/parameters.ts";
import type { Arguments } from "../arguments.ts";
import { badArguments } from "../command.ts";
import { readDuration } from "../duration.ts";
import { KERNEL_NAME } from "../kernelspec.ts";
import { findFiles } from "./files.ts";
import { openPlaces } from "./places.ts";

/** Where a notebook's results go. */
export interface Places {
  readonly out: Destination | undefined;
  readonly html: Destination | undefined;
}

/** What a run is to do, with all that could be wrong about it found out before anything runs. */
export interface Plan {
  /** By path: the notebook with its parameters, or why it cannot be run. */
  readonly notebooks: ReadonlyMap<string, Notebook | TandemError>;
  readonly places: ReadonlyMap<string, Places>;
  readonly keepGoing: boolean;
  readonly compare: boolean;
  /** The longest that a cell, and that the whole run may take; in ms. */
  readonly timeout: number | undefined;
  readonly limit: number | undefined;
}

/** Reads the arguments and the notebooks; `say` tells what is odd but no error. */
export async function readPlan(args: Arguments, say: (text: string) => void): Promise<Plan> {
  const keepGoing = args.has("keep-going");
  const timeout = readDuration("run", "timeout", args.value("timeout"));
  const limit = readDuration("run", "total-timeout", args.value("total-timeout"));
  const parameters = args.values("parameter").map(parameterOf);
  if (args.positionals.length === 0) throw badArguments("run", "It needs the path of a notebook.");
  const notebooks = new Map<string, Notebook | TandemError>();
  for (const file of await findFiles(args.positionals)) {
    try {
      const notebook = await readNotebook(file);
      checkKernel(notebook, file);
      notebooks.set(file, parametrised(notebook, parameters, file, say));
    } catch (error) {
      // What is wrong with one ends the command, unless it should keep going.
      if (!keepGoing || !(error instanceof TandemError)) throw error;
      notebooks.set(file, error);
    }
  }
  const places = await openAll(args, [...notebooks.keys()]);
  return { notebooks, places, keepGoing, compare: args.has("compare"), timeout, limit };
}

async function openAll(args: Arguments, files: readonly string[]): Promise<Map<string, Places>> {
  const out = args.value("out");
  const html = args.value("html");
  if (out !== undefined && args.has("in-place")) {
    throw badArguments("run", "--out and --in-place exclude each other.");
  }
  const outs = out === undefined ? undefined : await openPlaces(files, out);
  const htmls = html === undefined ? undefined : await openPlaces(files, html, ".html");
  const places = new Map<string, Places>();
  for (const file of files) {
    const itself = args.has("in-place") ? (await openPlaces([file], file)).get(file) : undefined;
    places.set(file, { out: outs?.get(file) ?? itself, html: htmls?.get(file) });
  }
  return places;
}

/** Refuses a notebook that names a kernel of another language; one that names none is taken as ours. */
export function checkKernel(notebook: Notebook, file: string): void {
  const { name, language } = notebook.kernel;
  if (name === KERNEL_NAME || language === undefined) return;
  if (["typescript", "javascript", "tandem-typescript"].includes(language.toLowerCase())) return;
  throw fail("otherKernel", file, name ?? "of its language", language);
}

function parameterOf(text: string): Parameter {
  const [, name = "", value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (value === undefined) throw badArguments("run", `-p takes NAME=VALUE, not ${text}.`);
  if (!canBeDeclared(name)) throw badArguments("run", `${name} is no name for a TypeScript variable.`);
  return readParameter(name, value);
}

/** The notebook with its parameters' cell; says which of them it does not know. */
function parametrised(
  notebook: Notebook,
  parameters: readonly Parameter[],
  file: string,
  say: (text: string) => void,
): Notebook {
  if (parameters.length === 0) return notebook;
  for (const name of unknownParameters(notebook, parameters)) {
    say(`tandem: ${file}: the cell tagged parameters has no ${name}.`);
  }
  return withParameters(notebook, parameters, file);
}
