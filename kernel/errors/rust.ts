import type { Advice } from "./advice.ts";

/** What can go wrong with Rust, its addon and its cache. */
export const rustErrors = {
  rustMissing: (): Advice => ({
    what: "This cell is Rust, and no Rust compiler was found.",
    why: "Neither PATH nor rustup's folder has a rustc with a toolchain.",
    next: "Install Rust with `curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh` (on Windows: rustup-init.exe from https://rustup.rs), then run the cell again.",
  }),
  nothingToMove: (): Advice => ({
    what: "No function is named, and no profile has found one.",
    why: "Without a name the hottest function of the last %%profile is meant.",
    next: "Name a function of the notebook: %torust name.",
  }),
  functionNotFound: (name: string): Advice => ({
    what: `No cell that ran declares a function ${name}.`,
    why: "What is translated is a function's own text: `function f() {}` or `const f = () => …` in a cell. Methods, and functions of modules, are not looked for; nor is a cell with JSX, enums or decorators.",
    next: "Put the function into a cell of its own, run that, and try again.",
  }),
  rustPrelude: (release: string, said: string): Advice => ({
    what: `This Rust compiler (${release}) does not build the crate that cells are compiled against.`,
    why: `It says:\n${said.trimEnd()}\n`,
    next: "Update it with `rustup update stable`, then run the cell again. Where it lacks a linker, install a C compiler (on Debian: apt-get install gcc).",
  }),
  rustOption: (option: string, value: string, wanted: string): Advice => ({
    what: `${option} ${value} cannot be read.`,
    why: `It takes ${wanted}.`,
    next: "%%rust --help lists the options.",
  }),
  rustAcrossCells: (): Advice => ({
    what: "This cell uses items of an earlier %%rust cell.",
    why: "On Windows the compiled cells cannot share their types.",
    next: "Put the items and what uses them into one cell.",
  }),
  badDependency: (text: string): Advice => ({
    what: `${text} names no crate.`,
    why: 'A crate is a name, a name and a version, or one with options: rayon, rayon=1.10, serde = { version = "1", features = ["derive"] }; options are version, features, default-features and path.',
    next: "Look its name up on crates.io.",
  }),
  gitDependency: (name: string): Advice => ({
    what: `The crate ${name} is not taken from git.`,
    why: "What a git address gives may change, and the cell with it.",
    next: `Clone it beside the notebook and name the folder: :dep ${name} = { path = "./${name}" }`,
  }),
  crateFolderMissing: (path: string): Advice => ({
    what: `The crate at ${path} cannot be read.`,
    why: "The folder is not there, or may not be read.",
    next: "A path is relative to the notebook's folder; it names the folder with the crate's Cargo.toml.",
  }),
  cratesOffline: (names: readonly string[], lastLines: string): Advice => ({
    what: `The crates ${names.join(", ")} were not built: crates.io is not reached.`,
    why: `Cargo's last lines were:\n${lastLines}\n`,
    next: "Connect and run the cell again, or set a mirror in cargo's configuration. What was built before works without a network.",
  }),
  nothingToLock: (): Advice => ({
    what: "There is nothing to write into a Cargo.lock.",
    why: "No %%rust cell that ran uses a crate.",
    next: "Run the cells with crates first, then %cargo lock.",
  }),
  lockOfPackage: (file: string): Advice => ({
    what: `${file} is not written.`,
    why: "The folder has a Cargo.toml: the lock file belongs to that package.",
    next: "The notebook uses that package's Cargo.lock as it is. To have one of its own, move it to another folder.",
  }),
  cratesNotBuilt: (names: readonly string[], lastLines: string): Advice => ({
    what: `The crates ${names.join(", ")} were not built.`,
    why: `Cargo's last lines were:\n${lastLines}\n`,
    next: "Check the names and versions, and that crates.io (or the mirror in cargo's configuration) is reached.",
  }),
  testsNeedLinker: (): Advice => ({
    what: "The tests of this cell were not built.",
    why: "A test program is linked by the machine's C compiler, and none was found.",
    next: "Install one (on Debian: apt-get install gcc), then run the cell again.",
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
  isolatedEnded: (name: string, how: string): Advice => ({
    what: `The process of the isolated Rust cells has ended (${how}) while ${name} ran.`,
    why: "Its code crashed, exited, ran out of memory, or was interrupted. The notebook's values are as they were; what the cell's statics held is gone.",
    next: "Call it again: a new process is started.",
  }),
  isolatedTakes: (names: readonly string[]): Advice => ({
    what: `--isolate takes functions of data, and ${names.join(", ")} is more than that.`,
    why: "Instances of classes, traits, callbacks and iterators live in one process, and the code is to run in another.",
    next: "Put the functions that may crash into a cell of their own, or leave out --isolate.",
  }),
  cacheFull: (folder: string): Advice => ({
    what: "The Rust cell was not compiled: the disk is full.",
    why: `Nothing more can be written to ${folder}.`,
    next: "Free some space (`tandem cache clear` removes what was compiled), or name a folder on another disk in TANDEM_CACHE.",
  }),
  cacheUnsafe: (folder: string): Advice => ({
    what: `The cache ${folder} is not used.`,
    why: "It belongs to another user, or others may write to it, and what lies there is run as code.",
    next: `Make it yours alone (chmod 700 ${folder}), or name another folder in TANDEM_CACHE.`,
  }),
} as const;
