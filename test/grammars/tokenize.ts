/** Cells as VS Code highlights them: its own tokenizer and grammars, from the code-server that the tests run in. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { installCodeServer } from "../../scripts/setup/code-server.mjs";

/** What an extension's manifest says of one grammar. */
interface ContributedGrammar {
  readonly scopeName: string;
  readonly path: string;
  readonly language?: string;
  readonly injectTo?: readonly string[];
}

/** A stretch of a line and its scopes, the outermost first. */
export interface Token {
  readonly line: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

export type Tokenize = (text: string, scopeName?: string) => Promise<Token[]>;

const { createOnigScanner, createOnigString, loadWASM } = oniguruma;
const { INITIAL, parseRawGrammar, Registry } = textmate;
const root = join(import.meta.dirname, "../..");

/** Where VS Code's own extensions are. */
export async function builtInExtensions(): Promise<string> {
  const { entry } = await installCodeServer();
  return join(dirname(entry), "..", "extensions");
}

/** Gives the tokenizer: of our own cells where no grammar is named. */
export async function makeTokenizer(): Promise<Tokenize> {
  const builtIn = await builtInExtensions();
  const manifests = readdirSync(builtIn).map((name) => join(builtIn, name, "package.json"));
  const grammars = [...manifests, join(root, "package.json")].flatMap(contributed);
  const byScope = new Map(grammars.map((one) => [one.scopeName, one]));
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  const { buffer, byteOffset, byteLength } = readFileSync(wasm);
  const ready = loadWASM({ data: buffer.slice(byteOffset, byteOffset + byteLength) });
  const registry = new Registry({
    onigLib: ready.then(() => ({ createOnigScanner, createOnigString })),
    async loadGrammar(scopeName) {
      const path = byScope.get(scopeName)?.path;
      return path === undefined ? null : parseRawGrammar(readFileSync(path, "utf8"), path);
    },
    getInjections: (scopeName) =>
      grammars.filter(({ injectTo }) => injectTo?.includes(scopeName)).map((one) => one.scopeName),
  });
  return async (text, scopeName = "source.tandem-typescript") => {
    const grammar = await registry.loadGrammar(scopeName);
    if (!grammar) throw new Error(`There is no grammar ${scopeName}.`);
    let state = INITIAL;
    return text.split("\n").flatMap((line, index) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      return tokens.map(({ startIndex, endIndex, scopes }) => ({
        line: index,
        text: line.slice(startIndex, endIndex),
        scopes,
      }));
    });
  };
}

function contributed(manifest: string): ContributedGrammar[] {
  try {
    const { contributes } = JSON.parse(readFileSync(manifest, "utf8")) as {
      contributes?: { grammars?: ContributedGrammar[] };
    };
    return (contributes?.grammars ?? []).map((one) => ({ ...one, path: join(dirname(manifest), one.path) }));
  } catch {
    // A folder without a manifest, such as node_modules.
    return [];
  }
}
