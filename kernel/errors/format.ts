import type { Advice } from "./advice.ts";

/** What can go wrong when a cell is formatted; it stays as it was. */
export const formatErrors = {
  formatterHung: (tool: string, seconds: number): Advice => ({
    what: `${tool} did not format the cell within ${seconds} s and was ended.`,
    why: "It, its configuration or one of its plugins goes on for ever; the cell is as it was.",
    next: "Run it in a terminal on a TypeScript file beside the notebook to see where it stays.",
  }),
  formatterFailed: (tool: string, reason: string): Advice => ({
    what: `${tool} could not format the cell.`,
    why: `It says: ${reason}`,
    next: "Run it in a terminal on a TypeScript file beside the notebook: it fails there in the same way.",
  }),
  formatterMovedMagic: (tool: string): Advice => ({
    what: "The cell was not formatted: its magic lines would belong to other code.",
    why: `${tool} moved code across them, as plugins that sort imports do.`,
    next: "Put the magic lines into a cell of their own.",
  }),
  formatterMissing: (tool: string, install: string): Advice => ({
    what: `${tool} is configured for the notebook's folder and not installed there; TypeScript's own formatter stands in.`,
    why: "No node_modules in the folder or above has it.",
    next: `Install it: ${install}.`,
  }),
};
