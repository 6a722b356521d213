import { pythonInterpreters } from "../python/interpreters.ts";
import type { Part, PartFactory } from "./session.ts";

/** The parts whose half in the engine may ask before any of their cells has run, by the prefix of their methods. */
export const parts: Readonly<Record<string, PartFactory<Part>>> = {
  python: pythonInterpreters,
};
