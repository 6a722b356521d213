import { builtinModules, createRequire } from "node:module";
import { type CompletionItem, CompletionItemKind, type CompletionList } from "vscode-languageserver";
import { importEdit } from "./places.ts";

/** Behind all that has its place already, as the compiler sorts what has to be imported. */
const ORDER = "16";

/**
 * What Node's own modules export and begins as the word before the place does, each with its import. The compiler offers it only where
 * the folder has Node's types installed itself.
 */
export function nodeExports({ items }: CompletionList, text: string, word: string): CompletionItem[] {
  // Functions of the language are offered where a value may stand.
  if (word === "" || !items.some(({ label }) => label === "parseInt")) return [];
  const first = word.slice(0, 1).toLowerCase();
  const known = new Set(items.map(({ label }) => label));
  return exported().flatMap(([name, module, kind]) =>
    name.toLowerCase().startsWith(first) && !known.has(name)
      ? [
          {
            label: name,
            kind,
            sortText: ORDER,
            labelDetails: { description: module },
            detail: `Add import from "${module}"`,
            additionalTextEdits: [importEdit(text, name, module)],
          },
        ]
      : [],
  );
}

type Exported = readonly [name: string, module: string, kind: CompletionItemKind];

let all: readonly Exported[] | undefined;

/** The names that Node's modules export; a name of several stands once for each. */
function exported(): readonly Exported[] {
  all ??= builtinModules.filter(isOffered).flatMap((module) => {
    const names = Object.entries(createRequire(__filename)(module) as Record<string, unknown>);
    return names
      .filter(([name]) => /^[a-z][\w]*$/i.test(name) && name !== "default")
      .map(([name, value]) => [name, `node:${module}`, kindOf(value)] as const);
  });
  return all;
}

/** Modules whose loading warns, or that are there for Node itself, are nobody's wish. */
const isOffered = (module: string) =>
  !/^_|^(punycode|sys|domain|trace_events|wasi|constants|repl|inspector|test|sqlite|sea|cluster)\b/.test(
    module,
  );

function kindOf(value: unknown): CompletionItemKind {
  if (typeof value !== "function") return CompletionItemKind.Variable;
  return /^class\b/.test(Function.prototype.toString.call(value))
    ? CompletionItemKind.Class
    : CompletionItemKind.Function;
}
