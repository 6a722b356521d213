import { canBeDeclared } from "../cells/line-words.ts";
import type { CellMagic, MagicArguments, MagicOptions, TypeView } from "../cells/magic.ts";
import { optionNames, optionText } from "../cells/option-values.ts";
import { fail } from "../errors.ts";
import { annotationOf, typeOfAnnotation } from "./annotation.ts";
import type { Fetch, Send } from "./engine.ts";
import { pythonInterpreters } from "./interpreters.ts";
import { completeIn, inspectIn } from "./lookups.ts";
import type { PythonMember } from "./signatures.ts";

/** `%%python`: one interpreter for all cells, values in and out by name, and `py` for calls from TypeScript. */
export const pythonMagic: CellMagic = {
  name: "python",
  summary: "Run the cell in Python; later TypeScript cells call its functions by py.f(…)",
  options: [
    { long: "python", value: "path", help: "the interpreter, or the folder of a virtual environment" },
    { long: "in", value: "names", help: "TypeScript values that Python gets under the same names: a,b" },
    {
      long: "out",
      value: "names",
      help: "Python values declared for TypeScript: variables, or the last expression",
    },
    { long: "int", help: "ints of this cell become numbers, where they are exact, instead of bigints" },
  ],
  extension: "py",
  example: "%%python --in prices --out mean\nmean = sum(prices) / len(prices)",

  check: (given) => void checkedOptions(given),

  async run(cell, session) {
    const { engine } = session;
    const interpreters = session.part(pythonInterpreters);
    const options = checkedOptions(cell);
    const python = await interpreters.select(options.python);
    const runner = python.address;
    if (options.in.length > 0) {
      await engine.call(cell, "python.send", { runner, names: options.in } satisfies Send);
    }
    // The magic line stays as an empty one: Python's line numbers are the cell's.
    const error = await python.run(cell, `\n${cell.body}`, options.int);
    if (error) return { status: "error", error };
    if (interpreters.engineMustUse(runner)) await engine.call(cell, "python.use", { runner });
    if (options.out.length > 0) {
      const params: Fetch = { runner, names: options.out, int: options.int };
      // The engine's half of this part answers with a type for each name.
      const types = (await engine.call(cell, "python.fetch", params)) as Record<string, string>;
      interpreters.outTypes.set(cell.source, types);
    }
    return { status: "ok" };
  },

  async complete(cell, offset, session) {
    const python = await session.part(pythonInterpreters).present(pythonOptions(cell.options).python);
    return python && completeIn(python, cell.body, offset);
  },

  async inspect(cell, offset, session) {
    const python = await session.part(pythonInterpreters).present(pythonOptions(cell.options).python);
    return python && inspectIn(python, cell.body, offset);
  },

  /**
   * `py` with what the annotations of this cell and of those above say, and the types of `--out` names: by their annotations in the
   * cell, else as the values were when this cell last ran.
   */
  async typeView(cell, session): Promise<TypeView | undefined> {
    const { out, int, python } = pythonOptions(cell.options);
    const interpreters = session.part(pythonInterpreters);
    const seen = interpreters.outTypes.get(cell.source);
    const declarations = out.map((name) => {
      const annotation = annotationOf(name, cell.body);
      const type = annotation && typeOfAnnotation(annotation, int);
      return `declare let ${name}: ${type || seen?.[name] || "any"};`;
    });
    const members = interpreters.members(python, cell.body, int);
    if (members.size > 0) declarations.push(declarationOf(members, cell.source));
    return declarations.length > 0 ? { text: declarations.join(" ") } : undefined;
  },
};

/** Declares `py` with its members, below the cell's last line: TypeScript takes only what begins a line for documentation. */
function declarationOf(members: ReadonlyMap<string, PythonMember>, source: string): string {
  const lines = [...members].map(([name, { type, documentation }]) => {
    // What would end the comment is broken up.
    const told = documentation ? `/** ${documentation.replaceAll("*/", "*\u200b/")} */\n` : "";
    return `${told}${name}: ${type};\n`;
  });
  const below = "\n".repeat(source.split("\n").length);
  return `${below}declare let py: PythonWith<{\n${lines.join("")}}>;`;
}

/** What a Python cell's magic line says. */
export interface PythonOptions {
  readonly python: string | undefined;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly int: boolean;
}

/** The options; throws where a name of `--out` is none. */
function checkedOptions(given: MagicArguments): PythonOptions {
  const options = pythonOptions(given.options);
  const wrong = options.out.find((name) => !canBeDeclared(name));
  if (wrong !== undefined) throw fail("outName", "%%python", wrong);
  return options;
}

/** The options as they stand there. */
export function pythonOptions(options: MagicOptions): PythonOptions {
  return {
    python: optionText(options, "python"),
    in: optionNames(options, "in"),
    out: optionNames(options, "out"),
    int: options.has("int"),
  };
}
