import { formOf, lineFormOf, optionRows } from "./help.ts";
import { lineMagics } from "./line-magics.ts";
import type { MagicDeclaration, MagicOption } from "./magic.ts";
import { lineOptionsOf, optionsOf } from "./magic-line.ts";
import { magics } from "./magics.ts";

const INTRODUCTION = `# Magics

Lines and cells that are more than TypeScript. This page is made from the declarations of the magics by \`npm run docs\`; a
notebook shows the same by \`%lsmagic\`, and for each magic by \`%name --help\` or \`%name?\`.

A **cell magic** stands on the cell's first line, which begins with \`%%name\`, and takes the whole cell. A **line magic** is one line
among a cell's TypeScript. It is recognised at the beginning of a line where a statement may start: not in a template, a comment,
brackets, or behind an operator that goes on. Only the names below are magics. A remainder at the beginning of a line has a
space behind the \`%\`, or is indented.

A line that begins with \`!\` and is no TypeScript is a command: \`!git status\` is \`%sh git status\`. (\`!ls\` alone is TypeScript, the
negation of a variable: write \`%sh ls\`.)

Options stand before the rest, in the usual forms: \`--rounds 30\`, \`--rounds=30\`, \`-n 4\`; values with spaces stand in quotes; \`--\` ends the
options. Magics and options are completed, and a wrong one is answered with the nearest that there is. \`--out name\` declares the
result for later cells instead of showing it.
`;

/** docs/magics.md, from both tables. */
export function magicsPage(): string {
  const lines = lineMagics.map((one) => section(lineFormOf(one), one, lineOptionsOf(one)));
  const cells = magics.map((one) => section(formOf(one), one, optionsOf(one)));
  return [INTRODUCTION, "## Line magics\n", ...lines, "## Cell magics\n", ...cells].join("\n");
}

function section(form: string, magic: MagicDeclaration, options: readonly MagicOption[]): string {
  // Every magic has --help: it is told once, above.
  const rows = optionRows(options.filter(({ long }) => long !== "help"));
  const table = rows.map(([option, help]) => `| \`${cell(option.trim())}\` | ${cell(help)} |`);
  return [
    `### \`${form}\`\n`,
    `${capital(magic.summary)}.\n`,
    ...(magic.details ? [`${magic.details}\n`] : []),
    ...(table.length > 0 ? [["| option | |", "|---|---|", ...table].join("\n"), ""] : []),
    `\`\`\`\n${magic.example}\n\`\`\`\n`,
  ].join("\n");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Text in a table's cell, where a bar would end it. */
const cell = (text: string) => text.replaceAll("|", "\\|");
