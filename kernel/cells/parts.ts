import { pythonInterpreters } from "../python/interpreters.ts";
import { rustTiers } from "../rust/tiers.ts";
import { comms } from "./comms.ts";
import type { Part, PartFactory } from "./session.ts";
import { stdin } from "./stdin.ts";

/** The parts whose half in the engine may ask before any of their cells has run, by the prefix of their methods. */
export const parts: Readonly<Record<string, PartFactory<Part>>> = {
  comm: comms,
  python: pythonInterpreters,
  rust: rustTiers,
  stdin,
};
