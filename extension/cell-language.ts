/** A cell's magic line and its language in VS Code, each following the other; nothing here knows VS Code. */

/** The language id of our TypeScript cells: not `typescript`, so that the built-in service does not judge them. */
export const typescriptCell = "tandem-typescript";

/** The languages whose cells start with a magic line of the same name. */
const magicLanguages = ["rust", "python"];

/** Every language that a cell of ours can be in; the first is what a new notebook's cells get. */
export const cellLanguages = [typescriptCell, "typescript", "javascript", ...magicLanguages];

/** The language that a cell's first line asks for, undefined where it has the right one. */
export function languageForText(text: string, language: string): string | undefined {
  const magic = magicName(text);
  if (magic !== undefined && magicLanguages.includes(magic)) return magic === language ? undefined : magic;
  return magicLanguages.includes(language) ? typescriptCell : undefined;
}

/**
 * What a cell's text has to begin with for the language that was chosen for it: the text to insert at the start, and
 * whether its present magic line goes first. Undefined where nothing has to change.
 */
export function textForLanguage(
  text: string,
  language: string,
): { readonly insert: string; readonly removeFirstLine: boolean } | undefined {
  const magic = magicName(text);
  const wanted = magicLanguages.includes(language) ? language : undefined;
  const present = magic !== undefined && magicLanguages.includes(magic) ? magic : undefined;
  if (wanted === present) return undefined;
  return { insert: wanted ? `%%${wanted}\n` : "", removeFirstLine: present !== undefined };
}

function magicName(text: string): string | undefined {
  return /^%%([A-Za-z_]\w*)/.exec(text)?.[1];
}
