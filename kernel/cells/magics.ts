import { benchMagic } from "../measure/magic.ts";
import { parallel } from "../parallel/magic.ts";
import { pythonMagic } from "../python/magic.ts";
import { rustMagic } from "../rust/magic.ts";
import { shCell } from "../shell/magics.ts";
import type { CellMagic } from "./magic.ts";

/** Every cell magic. Help, completion and the docs are made from this table. */
export const magics: readonly CellMagic[] = [benchMagic, parallel, pythonMagic, rustMagic, shCell];
