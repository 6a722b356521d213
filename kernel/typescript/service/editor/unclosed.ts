import { type Opened, Walker } from "../../../cells/scanner.ts";
import { stripTypes } from "../../strip.ts";

/** What a half-written text leaves open. */
export interface Unclosed {
  /** What has to stand below it for the text to end. */
  readonly closing: string;
  /** What is missing first, from within. */
  readonly missing: string;
  /** Where that was opened; -1 for a comment. */
  readonly offset: number;
}

/** What a text leaves open; undefined where all is closed, which is true of every text that parses. */
export function unclosedIn(text: string, jsx: boolean): Unclosed | undefined {
  const walker = new Walker(text, { jsx });
  walker.walkTo(text.length);
  const opened = walker.open.toReversed();
  const [innermost] = opened;
  if ((!innermost && !walker.inComment) || parses(text)) return undefined;
  const closing = (walker.inComment ? "*/" : "") + opened.map(closingOf).join("");
  if (walker.inComment || !innermost) return { closing, missing: "*/", offset: -1 };
  return { closing, missing: closingOf(innermost), offset: innermost.offset };
}

const closings: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", $: "}", "<": "/>" };

const closingOf = ({ kind, tag = "" }: Opened): string =>
  kind === ">" ? `</${tag}>` : (closings[kind] ?? kind);

/** Whether a half-written text is in the middle of a JSX tag: no type begins with two words, but for a parameter's `T extends`. */
export function startsElement(text: string): boolean {
  const tag =
    /(?:^|[=(,?:>&|{}[;]|\breturn)\s*<[A-Za-z][\w.]*\s+(?!extends\b)[A-Za-z][\w-]*\s*(?:=|$|[A-Za-z{])/m;
  return tag.test(text) && !parses(text);
}

function parses(text: string): boolean {
  try {
    stripTypes(text, "cell.ts");
    return true;
  } catch {
    return false;
  }
}
