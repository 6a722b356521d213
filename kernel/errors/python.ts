import type { Advice } from "./advice.ts";

/** What can go wrong with Python. */
export const pythonErrors = {
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
  pythonRustMissing: (): Advice => ({
    what: "Python cannot use the Rust cells: Tandem's Python module is not here.",
    why: "tandem_rust.abi3.so (tandem_rust.pyd on Windows) stands neither beside the kernel nor in dist/.",
    next: "Install the package for this platform, or build it in the checkout with `npm run build:native`.",
  }),
  pythonRustBroken: (path: string, reason: string): Advice => ({
    what: `Tandem's Python module ${path} cannot be loaded.`,
    why: reason,
    next: "Install the package for this platform, or build it anew in the checkout with `npm run build:native`.",
  }),
  pythonRustFreeThreaded: (version: string): Advice => ({
    what: `Python ${version} cannot use the Rust cells.`,
    why: "It is a build without the interpreter lock, and such builds load only modules that were built for just their version.",
    next: `Build one in a checkout with \`npm run build:python -- python${version}\`, or run these cells in a Python with the lock: %%python --python PATH.`,
  }),
  pythonRustIsolated: (): Advice => ({
    what: "This name is of a %%rust --isolate cell, which Python does not have.",
    why: "Python loads Rust cells into its own process, and the code is to run in another.",
    next: "Leave out --isolate in that cell to use it from Python.",
  }),
} as const;
