import { timeLine } from "../measure/time-magics.ts";
import { timeit } from "../measure/timeit-magic.ts";
import { run } from "../notebook/run-magic.ts";
import { recover } from "../recover/magic.ts";
import { torust } from "../rust/translate/magic.ts";
import { cd, env } from "../shell/folder.ts";
import { shLine } from "../shell/magics.ts";
import { cargo, npm, pip } from "../shell/tools.ts";
import { who } from "../variables/who.ts";
import { history, save } from "./history/magics.ts";
import { lsmagic } from "./lsmagic.ts";
import type { LineMagic } from "./magic.ts";
import { magics } from "./magics.ts";
import { reset } from "./reset-magic.ts";
import { config } from "./settings-magic.ts";

/** Every line magic. Help, completion and the docs are made from this table. */
export const lineMagics: readonly LineMagic[] = [
  cargo,
  cd,
  config,
  env,
  history,
  lsmagic(() => lineMagics, magics),
  npm,
  pip,
  recover,
  reset,
  run,
  save,
  shLine,
  timeLine,
  timeit,
  torust,
  who,
];
