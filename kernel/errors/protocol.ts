import type { Advice } from "./advice.ts";

/** What can go wrong with what a front end asks, and with what a cell asks of the front end. */
export const protocolErrors = {
  noStdin: (): Advice => ({
    what: "This cell asks for input, and nobody can answer.",
    why: "The front end that runs it takes no input: it runs notebooks by itself.",
    next: "Open the notebook in JupyterLab or VS Code, or give the value in the notebook's text.",
  }),
  unknownSubshell: (id: string): Advice => ({
    what: `There is no subshell ${id}.`,
    why: "It was deleted, or this kernel has not made it.",
    next: "Ask for a new one by create_subshell_request.",
  }),
  unknownDebugCommand: (command: string): Advice => ({
    what: `The debugger does not know ${command}.`,
    why: "This kernel shows variables; it does not step through cells.",
    next: "Show the variables, or look at values by display().",
  }),
  commClosed: (id: string): Advice => ({
    what: `The comm ${id} is closed.`,
    why: "The front end or the notebook closed it, or the engine that opened it has ended.",
    next: "Run the cell again that opened it.",
  }),
} as const;
