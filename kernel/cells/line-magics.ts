import { lsmagic } from "./lsmagic.ts";
import type { LineMagic } from "./magic.ts";
import { magics } from "./magics.ts";
import { config } from "./settings-magic.ts";

/** Every line magic. Help, completion and the docs are made from this table. */
export const lineMagics: readonly LineMagic[] = [config, lsmagic(() => lineMagics, magics)];
