import type { SemanticTokens, SemanticTokensLegend } from "vscode-languageserver";
import type { SemanticToken } from "./cell-language.ts";

/** LSP's standard types and modifiers, in the order that tokens are numbered by. */
export const semanticTokensLegend: SemanticTokensLegend = {
  tokenTypes:
    "namespace type class enum interface struct typeParameter parameter variable property enumMember event function method macro keyword modifier comment string number regexp operator decorator".split(
      " ",
    ),
  tokenModifiers:
    "declaration definition readonly static deprecated abstract async modification documentation defaultLibrary local".split(
      " ",
    ),
};

/** Tokens as the protocol sends them: five numbers each, places relative to the one before. */
export function encodeTokens(tokens: readonly SemanticToken[]): SemanticTokens {
  const data: number[] = [];
  let line = 0;
  let character = 0;
  for (const token of [...tokens].sort((a, b) => a.line - b.line || a.character - b.character)) {
    if (token.line !== line) character = 0;
    data.push(token.line - line, token.character - character, token.length, token.type, token.modifiers);
    ({ line, character } = token);
  }
  return { data };
}

/** Tokens from the protocol's numbers; `legend`: the one they were made by. Types that ours lacks are left out. */
export function decodeTokens(data: readonly number[], legend: SemanticTokensLegend): SemanticToken[] {
  const tokens: SemanticToken[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at + 4 < data.length; at += 5) {
    const [lines = 0, characters = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    line += lines;
    character = lines > 0 ? characters : character + characters;
    const known = semanticTokensLegend.tokenTypes.indexOf(legend.tokenTypes[type] ?? "");
    if (known >= 0)
      tokens.push({ line, character, length, type: known, modifiers: renumbered(modifiers, legend) });
  }
  return tokens;
}

function renumbered(bits: number, legend: SemanticTokensLegend): number {
  let known = 0;
  for (const [index, name] of legend.tokenModifiers.entries()) {
    const own = semanticTokensLegend.tokenModifiers.indexOf(name);
    if ((bits & (1 << index)) !== 0 && own >= 0) known |= 1 << own;
  }
  return known;
}
