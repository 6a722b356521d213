import type { Advice } from "./advice.ts";

/** What can go wrong with the processes: engine, kernel, Node, the wire. */
export const processesErrors = {
  notHeeded: (seconds: number): Advice => ({
    what: "The cell goes on in spite of the interrupt.",
    why: "Native code, which has to look for interrupts itself, is likely what runs.",
    next: `In ${seconds} seconds the engine is ended, and the variables of all cells with it; a second interrupt ends it at once. %recover then runs the other cells again.`,
  }),
  engineDied: (why: string): Advice => ({
    what: "The engine that ran this cell has ended; variables of all cells are gone.",
    why,
    next: "A new engine is ready: %recover runs the cells again that had run, without the one that ended it.",
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
  kernelEnded: (how: string, lastLines: string): Advice => ({
    what: `The kernel ended: ${how}.`,
    why: lastLines ? `Its last lines were:\n${lastLines}\n` : "It said nothing before.",
    next: "Run it again: a new kernel starts. If that one ends at the same cell, this cell is the place to look.",
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
} as const;
