import { benchMagic } from "../measure/magic.ts";
import { timeCell } from "../measure/time-magics.ts";
import { parallel } from "../parallel/magic.ts";
import { profileMagic } from "../profile/magic.ts";
import { pythonMagic } from "../python/magic.ts";
import { rustMagic } from "../rust/magic.ts";
import { shCell } from "../shell/magics.ts";
import { timelineMagic } from "../timeline/magic.ts";
import { javascript } from "./javascript-magic.ts";
import type { CellMagic } from "./magic.ts";
import { html, markdown, svg } from "./show-magics.ts";
import { writefile } from "./writefile-magic.ts";

/** Every cell magic. Help, completion and the docs are made from this table. */
export const magics: readonly CellMagic[] = [
  benchMagic,
  html,
  javascript,
  markdown,
  parallel,
  profileMagic,
  pythonMagic,
  rustMagic,
  shCell,
  svg,
  timeCell,
  timelineMagic,
  writefile,
];
