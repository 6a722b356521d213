import type { EnginePart } from "./part.ts";

/** The parts that live in the engine; bundled as dist/parts.cjs and loaded when one is first needed. */
export const parts: Readonly<Record<string, EnginePart>> = {};
