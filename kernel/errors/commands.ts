import type { Advice } from "./advice.ts";

/** What can go wrong with commands of a shell and with the tools that magics run. `command`: as the user wrote it. */
export const commandsErrors = {
  commandFailed: (command: string, code: number): Advice => ({
    what: `The command ended with exit code ${code}: ${quoted(command)}.`,
    why: "It reported a failure; if it said which, it stands above.",
    next: "Correct it, or write `|| true` behind it where a failure does not matter.",
  }),
  commandNotFound: (command: string): Advice => ({
    what: `A command was not found (exit code 127): ${quoted(command)}.`,
    why: "No program of that name is on PATH, as the shell says above.",
    next: "Check its spelling, install it, or add its folder: %env PATH=… sets the variable.",
  }),
  commandKilled: (command: string, signal: string): Advice => ({
    what: `The command was ended by ${signal}: ${quoted(command)}.`,
    why:
      signal === "SIGKILL"
        ? "The operating system does so when memory runs out; another process may have done it too."
        : signal === "SIGSEGV" || signal === "SIGABRT"
          ? "A program that crashes ends so."
          : "Another process sent this signal, or the command itself.",
    next: "Run it in a terminal to see more.",
  }),
  commandCannotStart: (command: string, reason: string): Advice => ({
    what: `The command could not be started: ${quoted(command)}.`,
    why: `${reason.replace(/\.$/, "")}.`,
    next: "Check that the current folder is there (%cd shows and changes it); a very long cell goes into a file by %%writefile.",
  }),
  commandTooMuch: (command: string): Advice => ({
    what: `The command printed more than --out can keep: ${quoted(command)}.`,
    why: "A string of TypeScript holds at most half a gigabyte; 256 MB are kept.",
    next: "Let the command write to a file, and read that in pieces.",
  }),
  shellMissing: (shell: string): Advice => ({
    what: `There is no shell ${shell}.`,
    why: "No program of that name is on PATH.",
    next: "Name another one by --shell, or install it.",
  }),
  npmMissing: (): Advice => ({
    what: "npm is not installed.",
    why: "It is neither on PATH nor beside the Node that runs the kernel.",
    next: "Install Node from https://nodejs.org, which brings npm, and restart the kernel.",
  }),
  cannotEnter: (folder: string, code: string, from: string): Advice => ({
    what: `The folder ${folder} cannot be entered.`,
    why:
      code === "ENOENT"
        ? "There is none of that name."
        : code === "ENOTDIR"
          ? "It is a file."
          : "You may not read it.",
    next: `The current folder is still ${from}; %sh ls shows what is there.`,
  }),
  envMissing: (name: string): Advice => ({
    what: `The variable ${name} is not in the environment.`,
    why: "Neither the kernel was started with it, nor has a cell set it.",
    next: `Set it by %env ${name}=value.`,
  }),
} as const;

const quoted = (command: string) => `\`${command}\``;
