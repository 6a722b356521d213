import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtInExtensions } from "./tokenize.ts";

type Pattern = string | { readonly pattern: string };

/** What of a language's configuration is compared. */
interface Configuration {
  readonly comments: unknown;
  readonly brackets: unknown;
  readonly autoClosingPairs: unknown;
  readonly autoCloseBefore: unknown;
  readonly surroundingPairs: unknown;
  readonly colorizedBracketPairs: unknown;
  readonly folding: unknown;
  readonly wordPattern: Pattern;
  readonly indentationRules: Readonly<Record<string, Pattern>>;
  readonly onEnterRules: readonly {
    readonly beforeText: Pattern;
    readonly afterText?: Pattern;
    readonly previousLineText?: Pattern;
    readonly action: unknown;
  }[];
}

let [ours, theirs] = [{} as Configuration, {} as Configuration];
beforeAll(async () => {
  // Files of the project and of VS Code, whose shape is known.
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Configuration;
  ours = read(join(import.meta.dirname, "../../extension/language-configuration.json"));
  theirs = read(join(await builtInExtensions(), "typescript-basics/language-configuration.json"));
});

const regex = (pattern: Pattern, flags = "") =>
  new RegExp(typeof pattern === "string" ? pattern : pattern.pattern, flags);

/** Lines of code at whose ends a person presses Enter. */
const lines = [
  "",
  "  foo()",
  "foo() // a remark",
  "// a remark",
  "/** Documented.",
  "/** Documented. */",
  "/**",
  " * A line",
  " * A line */",
  " *",
  " */",
  "  */",
  "*/",
  " * a * b",
  "const a = {",
  "const a = { b: 1 }",
  "const a = { b: 1 };",
  "f([",
  "f(a, b",
  "f(a, (b) => {",
  "})",
  "  ]",
  "}",
  "} else {",
  "} else",
  "else",
  "else if (a)",
  "if (a)",
  "if (a) b()",
  "  if (a)",
  "  for (const a of b)",
  "while (a) {",
  "const f = (a) =>",
  "const f = (a) => ",
  "case 1:",
  "  case a(b):",
  "default:",
  "  default: f()",
  "`${a",
  "%%parallel x of [1, 2]",
  "%time f({",
];

test("pairs, comments and folds are TypeScript's", () => {
  for (const key of [
    "comments",
    "brackets",
    "autoClosingPairs",
    "autoCloseBefore",
    "surroundingPairs",
    "colorizedBracketPairs",
    "folding",
  ] as const)
    expect(ours[key], key).toEqual(theirs[key]);
});

test("words are TypeScript's", () => {
  for (const line of [...lines, "a.b-c $d _e 1.5e3 .5 -1.5 ä#x @y"])
    expect(line.match(regex(ours.wordPattern, "g"))).toEqual(line.match(regex(theirs.wordPattern, "g")));
});

test("indentation is TypeScript's", () => {
  expect(Object.keys(ours.indentationRules).sort()).toEqual(Object.keys(theirs.indentationRules).sort());
  const matches = (rules: Configuration["indentationRules"], line: string) =>
    Object.entries(rules)
      .filter(([, pattern]) => regex(pattern).test(line))
      .map(([name]) => name)
      .sort();
  for (const line of lines)
    expect([line, matches(ours.indentationRules, line)]).toEqual([
      line,
      matches(theirs.indentationRules, line),
    ]);
});

test("Enter does what it does in TypeScript", () => {
  /** The rule that VS Code takes: the first that holds. */
  const action = ({ onEnterRules }: Configuration, previous: string, before: string, after: string) =>
    onEnterRules.find(
      (rule) =>
        regex(rule.beforeText).test(before) &&
        (rule.afterText === undefined || regex(rule.afterText).test(after)) &&
        (rule.previousLineText === undefined || regex(rule.previousLineText).test(previous)),
    )?.action;
  const taken = new Set<unknown>();
  for (const previous of lines)
    for (const before of lines)
      for (const after of ["", "*/", " */", ")", "}", "]", "case 2:", "rest"]) {
        const expected = action(theirs, previous, before, after);
        taken.add(expected);
        expect([previous, before, after, action(ours, previous, before, after)]).toEqual([
          previous,
          before,
          after,
          expected,
        ]);
      }
  // Each rule was met, and what has none.
  expect(taken.size).toBe(theirs.onEnterRules.length + 1);
});
