import { version } from "../../package.json";
import { fail } from "../errors.ts";
import { type Command, EXIT, report } from "./command.ts";
import { install, uninstall } from "./install.ts";
import { kernel } from "./kernel.ts";
import { run } from "./run.ts";

export { keepFirstEngine } from "../engine/first-engine.ts";

/** The one table of commands; the help is generated from it. */
const COMMANDS: readonly Command[] = [run, install, uninstall, kernel];

const HELP = `Tandem: TypeScript notebooks, with cells on all cores, in Rust and in Python.

${COMMANDS.map((command) => command.help).join("\n\n")}

tandem --help, tandem --version
`;

/** Runs one invocation of `tandem`; what goes wrong is told on stderr. Undefined: a kernel runs on. */
export async function runCommand(args: readonly string[]): Promise<number | undefined> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-v") return print(`${version}\n`);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return print(HELP);
  try {
    const command = COMMANDS.find((candidate) => candidate.name === name);
    if (!command) throw fail("unknownCommand", name);
    if (rest.includes("--help") || rest.includes("-h")) return print(`${command.help}\n`);
    return await command.run(rest);
  } catch (error) {
    process.stderr.write(report(error));
    return EXIT.badInput;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}
