import { version } from "../../package.json";
import { nearest } from "../cells/nearest.ts";
import { fail } from "../errors.ts";
import { cache } from "./cache.ts";
import { check } from "./check.ts";
import { type Command, EXIT, helpOf, report, runCommand } from "./command.ts";
import { convert } from "./convert.ts";
import { install, uninstall } from "./install.ts";
import { kernel } from "./kernel.ts";
import { run } from "./run.ts";
import { strip } from "./strip.ts";

/** The one table of commands; the help is generated from it. */
const COMMANDS: readonly Command[] = [run, check, convert, strip, cache, install, uninstall, kernel];

/** Runs one invocation of `tandem`; what goes wrong is told on stderr. Undefined: a kernel runs on. */
export async function runTandem(args: readonly string[]): Promise<number | undefined> {
  // A reader that goes away, such as head, ends no run.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") return print(`${version}\n`);
  const find = (wanted: string) => COMMANDS.find((candidate) => candidate.name === wanted);
  if (name === "help" && rest[0] !== undefined) return runTandem([rest[0], "--help"]);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return print(overview());
  const command = find(name);
  if (command) return runCommand(command, rest);
  const names = COMMANDS.map((known) => known.name);
  process.stderr.write(report(fail("unknownCommand", name, names, nearest(name, names))));
  return EXIT.badInput;
}

function overview(): string {
  const rows = COMMANDS.map((command) => [(helpOf(command).split("\n")[0] ?? "").trim(), command.summary]);
  const listed = rows.map(([usage, summary]) => `${usage}\n    ${summary}`).join("\n");
  return `Tandem: TypeScript notebooks, with cells on all cores, in Rust and in Python.\n\n${listed}\n
tandem COMMAND --help tells the options of one, tandem --version the version.
Exit codes: 0 all is well, 1 something failed, 2 the command or a file is no good, 130 ended by Ctrl-C.\n`;
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
