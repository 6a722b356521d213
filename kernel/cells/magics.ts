import type { CellMagic } from "./magic.ts";

/** Every cell magic. Help, completion and the docs are made from this table. */
export const magics: readonly CellMagic[] = [];
