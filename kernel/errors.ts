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
  notHeeded: (): Advice => ({
    what: "The cell goes on in spite of the interrupt.",
    why: "Native code, which has to look for interrupts itself, is likely what runs.",
    next: "Wait for it, or interrupt again to end the engine: the variables of all cells are then gone.",
  }),
  unknownLineMagic: (name: string, nearest: string | undefined): Advice => ({
    what: `There is no line magic %${name}.`,
    why: nearest ? `The nearest name is %${nearest}.` : "No line magic has a similar name.",
    next: "See all of them with %lsmagic.",
  }),
  magicNotFirst: (name: string, line: number): Advice => ({
    what: `%%${name} stands on line ${line}.`,
    why: "A cell magic takes the whole cell, so it must be the cell's first line.",
    next: "Move it to the first line, or into a cell of its own.",
  }),
  unknownSetting: (name: string, nearest: string | undefined, all: readonly string[]): Advice => ({
    what: `There is no setting ${name}.`,
    why: nearest ? `The nearest name is ${nearest}.` : `The settings are: ${all.join(", ")}.`,
    next: "%config shows them with their values.",
  }),
  badSetting: (name: string, value: string, allowed: readonly string[]): Advice => ({
    what: `${name} cannot be set to "${value}".`,
    why: `It is one of ${allowed.join(", ")}.`,
    next: `For instance: %config ${name} = ${allowed[0]}.`,
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
  outName: (magic: string, name: string): Advice => ({
    what: `%%${magic} cannot declare its result as ${name}.`,
    why: "A name is letters, digits, _ and $, starts with no digit, and is no reserved word.",
    next: "Write --out and another name.",
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
  badBundle: (reason: string): Advice => ({
    what: "What display was given is not a MIME bundle.",
    why: reason,
    next: "With { raw: true } it takes an object like { 'text/html': '<b>bold</b>' }; without, any value.",
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
    why: version
      ? `It is Node ${version}; the oldest that works is ${oldest}.`
      : "No Node starts from there.",
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
  pythonMissing: (install: string): Advice => ({
    what: "No Python was found.",
    why: "None is in a virtual environment of the notebook's folder or on PATH; Python cells need CPython 3.9 or newer.",
    next: `Install it (${install}), or name one by %%python --python PATH or the variable TANDEM_PYTHON.`,
  }),
  pythonNotThere: (asked: string, from: string): Advice => ({
    what: `There is no Python at ${asked}.`,
    why: `${from} names it, and it is neither a program, nor a virtual environment's folder, nor a name on PATH.`,
    next: "Give the path of a Python, such as .venv/bin/python, or leave it out and one is looked for.",
  }),
  pythonCannotStart: (path: string, reason: string): Advice => ({
    what: `${path} cannot run Python cells.`,
    why: reason,
    next: "Start it in a terminal to see what it says, or name another one by %%python --python PATH.",
  }),
  pythonTooOld: (path: string, version: string, install: string): Advice => ({
    what: `${path} is too old for Python cells.`,
    why: `It is Python ${version}; they need CPython 3.9 or newer.`,
    next: `Install a newer one (${install}), or name one by %%python --python PATH or the variable TANDEM_PYTHON.`,
  }),
  pythonDied: (version: string, file: string, why: string): Advice => ({
    what: `Python ${version} ended${file && ` while ${file} ran`}; what its cells had defined is gone.`,
    why,
    next: "The next %%python cell starts a new one: run again the cells whose names you need.",
  }),
  pythonCannotCross: (path: string, why: string): Advice => ({
    what: `${path} cannot cross between TypeScript and Python.`,
    why: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    next: "Pass its parts (numbers, text, bytes, dates, lists, dicts, arrays), or use it where it is: py.f(…) calls into Python.",
  }),
  pythonName: (name: string): Advice => ({
    what: `Python cannot have a variable called ${name}.`,
    why: "A name in Python is letters, digits and underscores, and not one of its keywords.",
    next: `Give the value another name in TypeScript first: const renamed = ${name}.`,
  }),
  pythonNoValue: (name: string): Advice => ({
    what: `The cell has no value for --out ${name}.`,
    why: `It defines no ${name}, and it does not end with an expression.`,
    next: `Assign to ${name} in the cell, or end it with the expression that is to be its value.`,
  }),
  pythonNotDeclared: (name: string): Advice => ({
    what: `There is no ${name} to hand to Python.`,
    why: "No TypeScript cell that has run declares it.",
    next: "Run the cell that declares it, or correct the name after --in.",
  }),
  parallelHead: (rest: string, reason: string): Advice => ({
    what: rest
      ? `"${rest}" is not what %%parallel runs over.`
      : "This %%parallel does not say what it runs over.",
    why: reason,
    next: "Write it like the head of a `for (const …)`: %%parallel row of rows, or %%parallel [i, x] of list.entries().",
  }),
  parallelOption: (option: string, value: string, wanted: string): Advice => ({
    what: `The option ${option} of the parallel run cannot be ${value}.`,
    why: `It takes ${wanted}.`,
    next: "%%parallel --help lists the options; those of pmap have the same names.",
  }),
  parallelNotIterable: (what: string): Advice => ({
    what: `The parallel run was given ${what} to run over.`,
    why: "It takes items from an array, a typed array, or anything else that `for … of` or `for await … of` takes.",
    next: "Give it a list: Object.entries(o) for an object, Array(n).keys() for the numbers below n.",
  }),
  parallelNoFunction: (type: string): Advice => ({
    what: `pmap was given a value of type ${type} for its function.`,
    why: "It calls a function once per item: pmap(items, (item, index) => …, options).",
    next: "Give the function second.",
  }),
  parallelCapture: (count: number, problems: readonly string[]): Advice => ({
    what: `The parallel code uses ${count === 1 ? "a variable" : `${count} variables`} that cannot go to workers.`,
    why: "Workers have memory of their own: data is copied there, and functions go as their source.",
    next: [
      count > problems.length ? `The first ${problems.length} of them:` : count > 1 ? "Each of them:" : "",
      ...problems.map((problem) => `  ${problem}`),
    ].join("\n"),
  }),
  parallelUnsendable: (role: "item" | "result", index: number, path: string, what: string): Advice => ({
    what: `${role === "item" ? "Item" : "The result of item"} ${index} cannot go ${role === "item" ? "to" : "back from"} a worker: ${path ? `its part ${path} is ${what}` : `it is ${what}`}.`,
    why: "Only plain data crosses between threads; an object of a class would lose its methods on the way.",
    next:
      what === "a promise"
        ? "Await it first: `of await Promise.all(list)`."
        : `${role === "item" ? "Run over" : "Return"} plain data ({ ...fields }, arrays, numbers, strings, typed arrays), and make the object from it on the other side.`,
  }),
  parallelTimeout: (index: number, limit: number): Advice => ({
    what: `Item ${index} took longer than ${limit >= 1000 ? `${limit / 1000} s` : `${limit} ms`}.`,
    why: "That is the time limit of this run; its worker was ended.",
    next: "Raise --timeout, or leave such items empty with --keep-going.",
  }),
  parallelExit: (index: number | undefined, worker: number | undefined, code: number): Advice => ({
    what: `${index === undefined ? "The parallel code" : `Item ${index}`} called process.exit(${code}).`,
    why:
      worker === undefined
        ? "That would end the engine."
        : `That ended worker ${worker}; a new one takes its place.`,
    next: "Throw an error to fail an item, or return early to skip it.",
  }),
  parallelMemory: (index: number | undefined, worker: number): Advice => ({
    what: `Worker ${worker} ran out of memory${index === undefined ? "" : ` at item ${index}`}.`,
    why: "Each worker has a JavaScript heap of its own, and this one was full. A new worker takes its place.",
    next: "Keep less per item, run over smaller items, or hold numbers in typed arrays, which lie outside that heap.",
  }),
  parallelWorkerDied: (index: number | undefined, worker: number, reason: string): Advice => ({
    what: `Worker ${worker} ended${index === undefined ? "" : ` at item ${index}`}: ${reason}`,
    why: "Something in it failed that no code caught. A new worker takes its place.",
    next: "Run the item by itself in a TypeScript cell to see what it does.",
  }),
  parallelPython: (name: string): Advice => ({
    what: `${name} cannot be used inside parallel code.`,
    why: "It talks to the one Python interpreter of the notebook, from the main thread.",
    next: "Call Python before or after the parallel code, or loop in a %%python cell.",
  }),
  rustMissing: (): Advice => ({
    what: "This cell is Rust, and no Rust compiler was found.",
    why: "Neither PATH nor rustup's folder has a rustc with a toolchain.",
    next: "Install Rust with `curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh` (on Windows: rustup-init.exe from https://rustup.rs), then run the cell again.",
  }),
  rustOption: (option: string, value: string, wanted: string): Advice => ({
    what: `${option} ${value} cannot be read.`,
    why: `It takes ${wanted}.`,
    next: "%%rust --help lists the options.",
  }),
  badDependency: (text: string): Advice => ({
    what: `--dep ${text} names no crate.`,
    why: "A crate is a name, or a name and a version: rayon, rayon=1.10.",
    next: "Look its name up on crates.io. Paths and git addresses are not taken.",
  }),
  cratesNotBuilt: (names: readonly string[], lastLines: string): Advice => ({
    what: `The crates ${names.join(", ")} were not built.`,
    why: `Cargo's last lines were:\n${lastLines}\n`,
    next: "Check the names and versions, and that crates.io (or the mirror in cargo's configuration) is reached.",
  }),
  addonMissing: (name: string): Advice => ({
    what: "Rust cells need Tandem's native addon, and it is not here.",
    why: `${name} stands neither beside the kernel nor in dist/.`,
    next: "Install the package for this platform, or build it in the checkout with `npm run build:native`.",
  }),
  addonBroken: (path: string, reason: string): Advice => ({
    what: `Tandem's native addon ${path} cannot be loaded.`,
    why: reason,
    next: "Install the package for this platform, or build it anew in the checkout with `npm run build:native`.",
  }),
  cacheUnsafe: (folder: string): Advice => ({
    what: `The cache ${folder} is not used.`,
    why: "It belongs to another user, or others may write to it, and what lies there is run as code.",
    next: `Make it yours alone (chmod 700 ${folder}), or name another folder in TANDEM_CACHE.`,
  }),
} as const;

export type ErrorCode = keyof typeof catalogue;

/** An error from the catalogue; `name` is its code, the message holds all three sentences. */
export class TandemError extends Error {
  readonly code: ErrorCode;
  declare readonly advice: Advice;
  constructor(code: ErrorCode, advice: Advice, options?: ErrorOptions) {
    super(`${advice.what} ${advice.why} ${advice.next}`, options);
    this.name = "TandemError";
    this.code = code;
    // Not enumerable: where the error is inspected, its message says the same.
    Object.defineProperty(this, "advice", { value: advice });
    // Where the user's cell was; our own frames explain nothing.
    const cells = this.stack?.split("\n").filter((line) => /^ +at .*\bcell-\d+\./.test(line)) ?? [];
    this.stack = [`${this.name}: ${this.message}`, ...cells].join("\n");
  }
}

/** `fail("unknownMagic", "pyton", "python")`: the error of that entry, to be thrown. */
export function fail<C extends ErrorCode>(code: C, ...facts: Parameters<(typeof catalogue)[C]>): TandemError {
  // Each entry takes its own facts; the pairing is checked by this signature, which TypeScript cannot follow inside.
  const entry = catalogue[code] as (...facts: unknown[]) => Advice;
  return new TandemError(code, entry(...facts));
}
