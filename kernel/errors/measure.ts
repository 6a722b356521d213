import type { Advice } from "./advice.ts";

/** What %%bench and bench() can refuse. */
export const measureErrors = {
  benchWithoutSides: (): Advice => ({
    what: "This %%bench has no sides to compare.",
    why: "A side is a statement with a label; what stands before the first label runs once, as set-up.",
    next: "Write each side as `name: expression` on a line of its own; %%bench --help shows an example.",
  }),
  benchUnlabelled: (line: number): Advice => ({
    what: `The statement on line ${line} of this %%bench has no label.`,
    why: "Below the first label each statement is a side, and a side is called by its label.",
    next: "Give it a label (`name: …`), move it above the first label, or put it into the block of its side.",
  }),
  benchTwice: (name: string): Advice => ({
    what: `Two sides of this %%bench are called ${name}.`,
    why: "The verdict names sides by their labels.",
    next: "Give one of them another label.",
  }),
  benchNoFunction: (name: string): Advice => ({
    what: `The side ${name} of bench({…}) is no function.`,
    why: "A side is a function without parameters, or a list of a function and its arguments.",
    next: `Write ${name}: () => f(x), or ${name}: [f, x].`,
  }),
  benchOption: (option: string, value: string, wanted: string): Advice => ({
    what: `${option} ${value} cannot be read.`,
    why: `It takes ${wanted}.`,
    next: "%%bench --help lists the options and their defaults.",
  }),
  benchCommand: (command: string, how: string, said: string): Advice => ({
    what: `The command of a side ended with ${how}: ${command}`,
    why: said || "It said nothing on its error output.",
    next: "Run it by itself with %sh until it ends with status 0.",
  }),
  benchAnswer: (request: string, status: number): Advice => ({
    what: `${request} was answered with status ${status}.`,
    why: "A side is measured only where its requests succeed.",
    next: "Check the address, and that the server is up.",
  }),
  benchNotSaved: (name: string, path: string): Advice => ({
    what: `There is no earlier result ${name} to compare with.`,
    why: `${path} is not there, or holds no result.`,
    next: `Run the cell once with --save ${name}.`,
  }),
  benchOtherMachine: (name: string, what: string, there: string, here: string): Advice => ({
    what: `The result ${name} was measured on another machine.`,
    why: `Its ${what} was ${there}; here it is ${here}. Times of two machines say nothing about the code.`,
    next: `Measure it here once with --save ${name}.`,
  }),
  benchValues: (text: string): Advice => ({
    what: `--for ${text} cannot be read.`,
    why: "It takes a name and its values: --for n in 10,20,30.",
    next: "Put it last on the line, with the values apart by commas.",
  }),
  plotSpec: (why: string): Advice => ({
    what: "plot cannot draw this.",
    why,
    next: "Its types are bars, lines, scatter, histogram, latency, speedup, gantt, heat and flame: docs/charts.md shows one of each.",
  }),
} as const;
