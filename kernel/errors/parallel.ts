import type { Advice } from "./advice.ts";

/** Of an item that a run fails for ending workers: it was tried on two. */
const twice = (index: number | undefined): string =>
  index === undefined ? "" : " The item ended two workers, and is not tried again.";

/** What can go wrong in a parallel run. */
export const parallelErrors = {
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
  parallelTooLarge: (size: string, names: readonly string[]): Advice => ({
    what: `The parallel code uses ${size} of data from outside: ${names.join(", ")}.`,
    why: "Each worker gets a copy of its own, and the limit is 500 MB.",
    next: "Hold numbers in typed arrays, which are shared, or run over the data as items.",
  }),
  parallelElsewhere: (): Advice => ({
    what: "%%parallel --on is not in this version.",
    why: "Workers on other machines are not built yet; parallel cells run on this machine's cores.",
    next: "Leave --on away.",
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
        : `That ended worker ${worker}; a new one takes its place.${twice(index)}`,
    next: "Throw an error to fail an item, or return early to skip it.",
  }),
  parallelMemory: (index: number | undefined, worker: number): Advice => ({
    what: `Worker ${worker} ran out of memory${index === undefined ? "" : ` at item ${index}`}.`,
    why: `Each worker has a JavaScript heap of its own, and this one was full. A new worker takes its place.${twice(index)}`,
    next: "Keep less per item, run over smaller items, or hold numbers in typed arrays, which lie outside that heap.",
  }),
  parallelWorkerDied: (index: number | undefined, worker: number, reason: string): Advice => ({
    what: `Worker ${worker} ended${index === undefined ? "" : ` at item ${index}`}: ${reason}`,
    why: `Something in it failed that no code caught. A new worker takes its place.${twice(index)}`,
    next: "Run the item by itself in a TypeScript cell to see what it does.",
  }),
  parallelPython: (name: string): Advice => ({
    what: `${name} cannot be used inside parallel code.`,
    why: "It talks to the one Python interpreter of the notebook, from the main thread.",
    next: "Call Python before or after the parallel code, or loop in a %%python cell.",
  }),
} as const;
