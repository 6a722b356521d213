import type { Advice } from "./advice.ts";

/** What can go wrong with notebooks on disk and on the command line. */
export const filesErrors = {
  noNotebook: (file: string): Advice => ({
    what: `There is no notebook ${file}.`,
    why: "No file of that name was found.",
    next: "Check the path; it is relative to the folder that the command runs in.",
  }),
  noSuchFile: (file: string): Advice => ({
    what: `There is no file ${file}.`,
    why: "Nothing of that name was found.",
    next: "Check the path; a relative one is seen from the current folder, which %sh pwd shows.",
  }),
  notRunnable: (file: string): Advice => ({
    what: `%run cannot run ${file}.`,
    why: "It runs files whose names end in .ts, .js and their like, and notebooks (.ipynb).",
    next: "Run a program by %sh, or read the file by node:fs.",
  }),
  runsItself: (file: string, from: string): Advice => ({
    what: `${file} runs already.`,
    why: from === file ? "It has a line %run with its own name." : `It runs ${from}, which runs it again.`,
    next: "Take the line out that closes the circle.",
  }),
  fileThere: (file: string): Advice => ({
    what: `${file} was not replaced.`,
    why: "There is a file of this name already.",
    next: "Write -f to replace it, -a to put the cells behind what it holds, or give another name.",
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
  savedElsewhere: (file: string, reason: string, saved: string): Advice => ({
    what: `${file} was not written. What belongs there is in ${saved}.`,
    why: reason,
    next: `Nothing is lost: make room or set things right, then move ${saved} to where it belongs.`,
  }),
  wouldOverwrite: (file: string): Advice => ({
    what: `${file} is there and says something else, so it was not overwritten.`,
    why: "It may hold changes that are not in the notebook.",
    next: `Give another name, or --force to lose what is in it; tandem convert ${file} brings its changes into the notebook.`,
  }),
  notebookTooLarge: (file: string, bytes: number): Advice => ({
    what: `${file} is too large to be read: ${Math.round(bytes / 1e6)} MB.`,
    why: "JavaScript holds at most about 512 million characters in one text.",
    next: "Strip its outputs with Jupyter: `jupyter nbconvert --clear-output --inplace`.",
  }),
  notUtf8: (file: string): Advice => ({
    what: `${file} is not a notebook that can be read: it is not UTF-8.`,
    why: "Notebooks are JSON in UTF-8; a text in another encoding could not be written back as it was.",
    next: "Save it as UTF-8; shells of Windows write UTF-16 when output is redirected.",
  }),
  noMatch: (pattern: string): Advice => ({
    what: `No file matches ${pattern}.`,
    why: "node_modules and .ipynb_checkpoints are passed over.",
    next: "Check the pattern; it is relative to the folder that the command runs in.",
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
    why: "Tandem takes notebooks whose cells are TypeScript or JavaScript.",
    next: "Run it with its own kernel, or choose Tandem as its kernel in VS Code or Jupyter and save it.",
  }),
  unknownCommand: (command: string, known: readonly string[], near: string | undefined): Advice => ({
    what: `There is no command ${command}.`,
    why: near ? `Did you mean ${near}?` : `The commands are ${known.join(", ")}.`,
    next: "tandem --help shows what each of them does.",
  }),
  unknownCommandOption: (command: string, option: string, near: string | undefined): Advice => ({
    what: `tandem ${command} has no option ${option}.`,
    why: near ? `Did you mean ${near}?` : "No option has a name like it.",
    next: `tandem ${command} --help shows what it takes.`,
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
  noPythonPrefix: (): Advice => ({
    what: "There is no Python whose environment the kernel could be installed for.",
    why: "No virtual environment is active, and neither python3 nor python is on PATH.",
    next: "Activate the environment of your Jupyter, or name its folder with --prefix.",
  }),
  noKernelspec: (folder: string): Advice => ({
    what: "Tandem is not installed there as a Jupyter kernel.",
    why: `There is no ${folder}.`,
    next: "jupyter kernelspec list shows where kernels are; give the --prefix and --name they were installed with.",
  }),
} as const;
