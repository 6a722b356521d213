import { type CellMagic, type LineMagic, type MagicOptions, OUT } from "../cells/magic.ts";
import { declaredOut, optionText } from "../cells/option-values.ts";
import { runShell } from "./run-shell.ts";

const SHELL = {
  long: "shell",
  value: "bash",
  help: "another shell, by its name or path",
  values: ["bash", "zsh", "fish"],
};

const details =
  "Commands run in the notebook's folder, or where `%cd` went, with the environment of TypeScript cells, and with nothing on " +
  "their stdin. The shell is `sh`; on Windows, where commands have not been tried yet, PowerShell. Stdout and stderr appear as they are written, each in its own order; " +
  "where their common order matters, write `2>&1`. An exit code other than 0 is an error of the cell. An interrupt ends the command and " +
  "all that it started (SIGINT, and after a second SIGKILL). What a command leaves in the background goes on until the kernel is " +
  "restarted or ends. `--out name` declares stdout as a string, without the line ends at its end, and does not show it.";

/** `%%sh`: the cell is a script of the shell. */
export const shCell: CellMagic = {
  name: "sh",
  summary: "Run the cell in a shell",
  options: [SHELL, { ...OUT, help: "declare what it prints on stdout, a string, under this name" }],
  example: "%%sh --out changed\ngit fetch\ngit diff --stat origin/main",
  details: `${details} The cell's exit code is that of its last command; \`set -e\` ends it at the first that fails.`,
  extension: "sh",
  // The magic line stays as an empty one: line numbers in messages are the cell's.
  run: (cell, session) => runShell(cell, session, { text: `\n${cell.body}`, ...optionsOf(cell.options) }),
  typeView: async ({ options }) => ({ text: declaredOut(options, "string") }),
};

/** `%sh command`, also written `!command`. */
export const shLine: LineMagic = {
  name: "sh",
  summary: "run a command in a shell; !command is the same",
  rest: "command",
  options: [SHELL, { ...OUT, help: "declare what it prints on stdout, a string, under this name" }],
  example: "%sh --out files ls *.csv",
  details,
  run: ({ cell, rest, options }, session) =>
    runShell(cell, session, { text: rest, title: rest, ...optionsOf(options) }),
  typeView: async ({ options }) => ({ line: declaredOut(options, "string") }),
};

const optionsOf = (options: MagicOptions) => ({
  shell: optionText(options, "shell"),
  out: optionText(options, "out"),
});
