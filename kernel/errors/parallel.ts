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
  parallelNoFunction: (caller: string, type: string): Advice => ({
    what: `${caller} was given a value of type ${type} for its function.`,
    why: `It calls a function once per item: ${caller}(items, (item, index) => …${caller === "preduce" ? ", (a, b) => …" : ""}, options).`,
    next: caller === "preduce" ? "Give the functions second and third." : "Give the function second.",
  }),
  parallelNothingToReduce: (): Advice => ({
    what: "There is no result to reduce.",
    why: "The run had no items, or none of them gave a result.",
    next: "Look at the list first, or add an item that changes nothing (0 for a sum).",
  }),
  parallelReduce: (text: string, reason: string): Advice => ({
    what: `"${text}" is not a function to reduce with.`,
    why: reason,
    next: 'Give a function\'s name, or an arrow function in quotes: --reduce "(a, b) => a + b".',
  }),
  parallelTogether: (one: string, other: string): Advice => ({
    what: `${one} and ${other} do not go together.`,
    why: "Each of them says in its own way what becomes of the results.",
    next: "Leave one of them away.",
  }),
  parallelShare: (name: string, what: string): Advice => ({
    what: `--share cannot put ${name} into shared memory: it ${what}.`,
    why: "Memory that threads have in common holds plain numbers.",
    next: `Put the numbers into a typed array first: ${name} = Float64Array.from(…).`,
  }),
  parallelNoSharing: (name: string): Advice => ({
    what: `The parallel code uses ${name}, which is shared memory, under --isolate.`,
    why: "Processes have no memory in common.",
    next: "Leave --isolate away, or copy the numbers into an array of their own first: array.slice().",
  }),
  parallelMoved: (index: number): Advice => ({
    what: `Item ${index} is lost: its worker ended, and --move had given it away.`,
    why: "What is moved to a worker is not kept here, so it cannot be done again.",
    next: "Leave --move away, or run over what the items can be made from again.",
  }),
  parallelSignal: (index: number | undefined, worker: number, signal: string): Advice => ({
    what: `The process of worker ${worker} was ended by ${signal}${index === undefined ? "" : ` at item ${index}`}.`,
    why: `Native code crashed in it, or the system ended it. A new process takes its place.${twice(index)}`,
    next: "Run the item by itself under --isolate to see what it does; the notebook's variables are as they were.",
  }),
  parallelDeadlock: (
    chain: readonly { item: number; worker: number; how: string; at?: string | undefined }[],
    queued: number | undefined,
  ): Advice => ({
    what: `Deadlock: ${chain.length === 1 ? "the one item under way waits" : `all ${chain.length} items under way wait`}, and nothing that runs can end the waiting.`,
    why: [
      "The waiting chain:",
      ...chain.map(
        ({ item, worker, how, at }) =>
          `  item ${item} (worker ${worker}) waits ${how === "await" ? "for a promise that nothing in its worker can settle" : "in Atomics.wait"}${at ? ` at ${at}` : ""}`,
      ),
      queued === 0
        ? "  and no item is left that could end it."
        : `  for one that is queued behind it: ${queued === undefined ? "more items" : queued === 1 ? "1 item" : `${queued} items`} cannot begin, since every worker waits.`,
    ].join("\n"),
    next: "\nLet an item wait only for items before it, take more workers than can wait at once (-n), or put what is waited for into the same item.",
  }),
  parallelCapture: (count: number, problems: readonly string[]): Advice => ({
    what: `The parallel code uses ${count === 1 ? "a variable" : `${count} variables`} that cannot go to workers.`,
    why: "Workers have memory of their own: data is copied there, and functions go as their source.",
    next: [
      count > problems.length ? `The first ${problems.length} of them:` : count > 1 ? "Each of them:" : "",
      ...problems.map((problem) => `  ${problem}`),
    ].join("\n"),
  }),
  /** The same of one variable, where it is seen before the run. */
  parallelWillRefuse: (problem: string, remedy: string): Advice => ({
    what: `${problem}.`,
    why: "Workers have memory of their own: data is copied there, and functions go as their source.",
    next: remedy,
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
