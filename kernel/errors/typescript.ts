import type { Advice } from "./advice.ts";

/** What a TypeScript cell can ask for that is not there. */
export const typescriptErrors = {
  noCompiler: (platform: string): Advice => ({
    what: "Types are not checked, and completion knows no types.",
    why: `TypeScript's compiler for ${platform} is not installed beside the kernel.`,
    next: "Install Tandem again with `npm install`, optional packages included, or write %config check = off.",
  }),
  checkFailed: (reason: string): Advice => ({
    what: "The cell was not run: its types could not be checked.",
    why: `TypeScript's compiler did not answer: ${reason}`,
    next: "Run the cell again, or let cells run unchecked by %config check = warn.",
  }),
  noModule: (path: string, extension: string): Advice => ({
    what: `${path} cannot be imported.`,
    why:
      extension === ".wasm"
        ? "require knows no WebAssembly."
        : `Modules are TypeScript, JavaScript, JSON and WebAssembly; ${extension || "a file without an extension"} is none of them.`,
    next:
      extension === ".wasm"
        ? `Write import * as wasm from ${JSON.stringify(path)}.`
        : `Read it: readFileSync(${JSON.stringify(path)}, "utf8") of node:fs.`,
  }),
  packageMissing: (name: string, folder: string, install: string): Advice => ({
    what: `The package ${name} is not installed.`,
    why: `There is no node_modules with it in ${folder} or above.`,
    next: `Run %npm install ${install}, and the cell again.`,
  }),
  plugAndPlay: (name: string, file: string): Advice => ({
    what: `The package ${name} was not found.`,
    why: `${file} says that Yarn keeps packages in archives (Plug'n'Play), which the kernel does not read.`,
    next: "Put `nodeLinker: node-modules` into .yarnrc.yml and run `yarn install`.",
  }),
  renameElsewhere: (name: string, cell: number): Advice => ({
    what: `${name} cannot be renamed from here.`,
    why: `Cell ${cell} has it from its magic line, or makes it in a way that cannot be followed.`,
    next: "Change the name there.",
  }),
  renameGiven: (): Advice => ({
    what: "This name cannot be renamed.",
    why: "It is declared in no cell and no file of yours.",
    next: "Declare a name of your own with its value.",
  }),
  renameToNoName: (name: string, isReserved: boolean): Advice => ({
    what: `${name || "Nothing"} cannot be a name.`,
    why: isReserved
      ? "It is a word of the language."
      : "A name has letters, digits, _ and $, and does not begin with a digit.",
    next: "Choose another name.",
  }),
  renameTaken: (name: string, cell: number, how: "declares" | "uses"): Advice => ({
    what: `${name} cannot be the new name.`,
    why: `Cell ${cell} ${how} ${name} already.`,
    next: `Choose another name, or rename that ${name} first.`,
  }),
  renameConstructor: (name: string, cell: number): Advice => ({
    what: `The function new of ${name} cannot be renamed.`,
    why: `Cell ${cell} makes a ${name} by \`new ${name}(…)\`, which is there for a function of that name alone.`,
    next: "Add a function of the other name, and leave this one.",
  }),
  renameUnread: (name: string, cell: number, why: string): Advice => ({
    what: `${name} cannot be renamed without rust-analyzer.`,
    why: `Cell ${cell} mentions ${name} beside its declaration, and only rust-analyzer knows what that means. ${why}`,
    next: "Change it by hand, or rename it once rust-analyzer is there.",
  }),
  renameBroken: (name: string, cell: number): Advice => ({
    what: `${name} cannot be renamed now.`,
    why: `Cell ${cell} has a mistake of syntax, so what it declares for other cells is not known.`,
    next: "Mend the cell first.",
  }),
  renameText: (name: string, cell: number): Advice => ({
    what: `${name} cannot be renamed.`,
    why: `Cell ${cell} writes "${name}" as text, and which text means this variant is not known.`,
    next: "Change it by hand, or rename that cell's text first.",
  }),
  renameInPython: (name: string, cell: number, why: "inner" | "unclear" | "member" | "keyword"): Advice => ({
    what: `${name} cannot be renamed.`,
    why: {
      inner: `Cell ${cell} has another ${name} in a function, a class or a comprehension of Python.`,
      unclear: `Cell ${cell} may mean it in Python by a text, an import or a pattern.`,
      member: `Cell ${cell} has a ${name} in Python, where of which object it is shows only as it runs.`,
      keyword: `Cell ${cell} passes a ${name} by its name in Python, maybe to this function.`,
    }[why],
    next: "Change it by hand.",
  }),
  renamePythonUnread: (name: string, cell: number): Advice => ({
    what: `${name} cannot be renamed now.`,
    why: `Cell ${cell} mentions it in Python, and no Python is here to read that; it is asked in trusted workspaces alone.`,
    next: "Mend the cell if it has a mistake of syntax, trust the workspace, or install Python.",
  }),
  renameOption: (name: string, cell: number, option: string): Advice => ({
    what: `${name} cannot be renamed.`,
    why: `Cell ${cell} takes it by ${option}, as a name of both TypeScript and Python.`,
    next: "Change it by hand in both.",
  }),
  renameUntyped: (name: string, cell: number): Advice => ({
    what: `${name} cannot be renamed.`,
    why: `Cell ${cell} has it by py where its type is not known, so that what it means there is not certain.`,
    next: `Change it by hand, or annotate ${name} in Python.`,
  }),
  foreignImport: (specifier: string): Advice => ({
    what: `${specifier} cannot be imported.`,
    why: /^jsr:/.test(specifier)
      ? "Packages of JSR come to Node by npm."
      : "Node loads modules from the disk, not from the network.",
    next: /^jsr:/.test(specifier)
      ? `Run %sh npx jsr add ${specifier.replace(/^jsr:\/?/, "")}, and import it without "jsr:".`
      : "Install the package by %npm install, or save the file beside the notebook and import it by its path.",
  }),
  notDeno: (member: string, instead: string | undefined): Advice => ({
    what: `Deno.${member} is not here.`,
    why: "Cells run in Node; of Deno's own names only Deno.jupyter is known.",
    next: instead ? `Use ${instead}.` : "Use one of Node's modules: https://nodejs.org/api.",
  }),
} as const;
