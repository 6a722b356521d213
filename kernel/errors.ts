/**
 * Every error a user can meet: what happened, why, what to do next. An entry is a function of the facts,
 * so that no message is put together anywhere else.
 */
export interface Advice {
  what: string;
  why: string;
  next: string;
}

export const catalogue = {
  unknownMagic: (name: string, nearest: string | undefined): Advice => ({
    what: `There is no magic %%${name}.`,
    why: nearest ? `The nearest name is %%${nearest}.` : "No magic has a similar name.",
    next: nearest
      ? `Write %%${nearest}, or see all of them with %lsmagic.`
      : "See all of them with %lsmagic.",
  }),
  unknownOption: (magic: string, option: string, nearest: string | undefined): Advice => ({
    what: `%%${magic} has no option ${option}.`,
    why: nearest ? `The nearest one is ${nearest}.` : "No option has a similar name.",
    next: `%%${magic} --help lists its options.`,
  }),
  engineDied: (why: string): Advice => ({
    what: "The engine that ran this cell has ended; variables of all cells are gone.",
    why,
    next: "A new engine is ready: run again the cells whose variables you need.",
  }),
  missingValue: (magic: string, option: string, value: string): Advice => ({
    what: `%%${magic} ${option} needs a value.`,
    why: `It is written ${option} ${value}, or ${option}=${value}.`,
    next: `%%${magic} --help lists its options.`,
  }),
  unexpectedValue: (magic: string, option: string): Advice => ({
    what: `%%${magic} ${option} takes no value.`,
    why: "It is a flag: present or not.",
    next: `Write ${option} alone; %%${magic} --help lists the options.`,
  }),
  openQuote: (magic: string, quote: string): Advice => ({
    what: `The line of %%${magic} has a quote ${quote} that does not end.`,
    why: "A value with spaces stands between two of the same quotes.",
    next: `Close it with ${quote}.`,
  }),
  unexpectedText: (magic: string, text: string): Advice => ({
    what: `%%${magic} does not take "${text}".`,
    why: "It takes options only; its input is the lines below.",
    next: `%%${magic} --help shows its form.`,
  }),
  connectionFile: (file: string, reason: string): Advice => ({
    what: `The connection file ${file} cannot be used.`,
    why: reason,
    next: "Jupyter clients write this file; start the kernel by one of them, or check the path.",
  }),
  cannotBind: (endpoint: string, reason: string): Advice => ({
    what: `The kernel cannot listen at ${endpoint}.`,
    why: reason,
    next: "Start the kernel again: the client then chooses other ports.",
  }),
  noNotebook: (file: string): Advice => ({
    what: `There is no notebook ${file}.`,
    why: "No file of that name was found.",
    next: "Check the path; it is relative to the folder that the command runs in.",
  }),
  cannotRead: (file: string, reason: string): Advice => ({
    what: `${file} cannot be read.`,
    why: reason,
    next: "Check that it is a file and that you may read it.",
  }),
  cannotWrite: (file: string, reason: string): Advice => ({
    what: `${file} was not written.`,
    why: reason,
    next: "Check that the folder is there, that you may write to it, and that the disk has room.",
  }),
  notebookNotJson: (file: string, reason: string): Advice => ({
    what: `${file} is not a notebook that can be read: its JSON is broken.`,
    why: reason,
    next: "Repair the file or take an earlier version of it; nothing was changed in it.",
  }),
  notNotebook: (file: string, reason: string): Advice => ({
    what: `${file} is not a Jupyter notebook.`,
    why: reason,
    next: "Give the path of an .ipynb file.",
  }),
  notebookVersion: (file: string, version: number): Advice => ({
    what: `${file} is in notebook format ${version}, and this is not read here.`,
    why: "Tandem reads format 4, which Jupyter and VS Code write since 2015.",
    next: "Convert it with `jupyter nbconvert --to notebook`.",
  }),
  otherKernel: (file: string, kernel: string, language: string): Advice => ({
    what: `${file} asks for the kernel ${kernel} (${language}).`,
    why: "tandem run executes notebooks whose cells are TypeScript or JavaScript.",
    next: "Run it with its own kernel, or choose Tandem as its kernel in VS Code or Jupyter and save it.",
  }),
  kernelEnded: (how: string, lastLines: string): Advice => ({
    what: `The kernel ended: ${how}.`,
    why: lastLines ? `Its last lines were:\n${lastLines}\n` : "It said nothing before.",
    next: "Run it again: a new kernel starts. If that one ends at the same cell, this cell is the place to look.",
  }),
  unknownCommand: (command: string): Advice => ({
    what: `There is no command ${command}.`,
    why: "The commands are kernel, install, uninstall and run.",
    next: "tandem --help shows what each of them takes.",
  }),
  badArguments: (command: string, reason: string): Advice => ({
    what: `The arguments of tandem ${command} were not understood.`,
    why: reason,
    next: `tandem ${command} --help shows what it takes.`,
  }),
  notOurKernelspec: (folder: string): Advice => ({
    what: `${folder} holds the kernel of another program.`,
    why: "Its kernel.json does not start Tandem, so it is left as it is.",
    next: "Choose another name with --name.",
  }),
  noKernelspec: (folder: string): Advice => ({
    what: "Tandem is not installed there as a Jupyter kernel.",
    why: `There is no ${folder}.`,
    next: "jupyter kernelspec list shows where kernels are; give the --prefix and --name they were installed with.",
  }),
  kernelStopped: (): Advice => ({
    what: "The kernel was ended while this cell ran.",
    why: "It was restarted, or its notebook was closed.",
    next: "Run the cells again from the top: what they had declared is gone.",
  }),
  nodeSetting: (path: string, version: string | undefined, oldest: string): Advice => ({
    what: `The setting tandem.node names ${path}, which cannot run the kernel.`,
    why: version ? `It is Node ${version}; the oldest that works is ${oldest}.` : "No Node starts from there.",
    next: "Give the path of a newer Node, or empty the setting and the first one found on PATH is used.",
  }),
  nodeTooOld: (version: string, oldest: string): Advice => ({
    what: "No Node that can run the kernel was found.",
    why: `The kernel needs Node ${oldest} or newer; VS Code's own is ${version}, and none on PATH is new enough.`,
    next: "Install Node from https://nodejs.org or by a version manager, or name one in the setting tandem.node.",
  }),
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
  benchOption: (option: string, value: string, wanted: string): Advice => ({
    what: `${option} ${value} cannot be read.`,
    why: `It takes ${wanted}.`,
    next: "%%bench --help lists the options and their defaults.",
  }),
} as const;

export type ErrorCode = keyof typeof catalogue;

/** An error from the catalogue; `name` is its code, the message holds all three sentences. */
export class TandemError extends Error {
  readonly code: ErrorCode;
  readonly advice: Advice;
  constructor(code: ErrorCode, advice: Advice, options?: ErrorOptions) {
    super(`${advice.what} ${advice.why} ${advice.next}`, options);
    this.name = "TandemError";
    this.code = code;
    this.advice = advice;
  }
}

/** `fail("unknownMagic", "pyton", "python")`: the error of that entry, to be thrown. */
export function fail<C extends ErrorCode>(code: C, ...facts: Parameters<(typeof catalogue)[C]>): TandemError {
  // Each entry takes its own facts; the pairing is checked by this signature, which TypeScript cannot follow inside.
  const entry = catalogue[code] as (...facts: unknown[]) => Advice;
  return new TandemError(code, entry(...facts));
}
