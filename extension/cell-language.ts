/** A cell's magic line and its language in VS Code, each following the other; nothing here knows VS Code. */

/** The language id of our TypeScript cells: not `typescript`, so that the built-in service does not judge them. */
export const typescriptCell = "tandem-typescript";

/**
 * VS Code's language for each magic whose cells are in one of their own. Markdown is not among them: VS Code takes a cell
 * of that language for text between the code. Nor is JavaScript: VS Code's own service would call the magic line an error,
 * and its formatter would break it.
 */
const languageOfMagic: Readonly<Record<string, string>> = {
  rust: "rust",
  python: "python",
  sh: "shellscript",
  html: "html",
  svg: "xml",
};

/** The magic that a cell gets for which this language is chosen. */
const magicOfLanguage: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(languageOfMagic).map(([magic, language]) => [language, magic])),
  javascript: "javascript",
};

/** Every language that a cell of ours can be in; the first is what a new notebook's cells get. */
export const cellLanguages = [typescriptCell, "typescript", ...Object.keys(magicOfLanguage)];

/** The language that a cell's first line asks for, undefined where it has the right one. */
export function languageForText(text: string, language: string): string | undefined {
  const wanted = languageOfMagic[magicName(text)];
  if (wanted !== undefined) return wanted === language ? undefined : wanted;
  return language in magicOfLanguage ? typescriptCell : undefined;
}

/**
 * What a cell's text has to begin with for the language that was chosen for it: the text to insert at the start, and
 * whether its present magic line goes first. Undefined where nothing has to change.
 */
export function textForLanguage(
  text: string,
  language: string,
): { readonly insert: string; readonly removeFirstLine: boolean } | undefined {
  const wanted = magicOfLanguage[language];
  const name = magicName(text);
  // A cell of %%javascript is one of ours.
  const magics = language === typescriptCell ? Object.keys(languageOfMagic) : Object.values(magicOfLanguage);
  const present = magics.includes(name) ? name : undefined;
  if (wanted === present) return undefined;
  return { insert: wanted ? `%%${wanted}\n` : "", removeFirstLine: present !== undefined };
}

/**
 * What a cell runs as: in notebooks of other kernels one of another language gets its magic line only here. Plain
 * JavaScript runs as TypeScript does, and keeps its lines' numbers.
 */
export function textToRun(text: string, language: string): string {
  const change = language === "javascript" ? undefined : textForLanguage(text, language);
  return (change?.insert ?? "") + text;
}

/** The name on the magic line; empty where there is none. */
function magicName(text: string): string {
  return /^%%([A-Za-z_]\w*)/.exec(text)?.[1] ?? "";
}
