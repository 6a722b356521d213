import { recover } from "../recover/magic.ts";
import { cd, env } from "../shell/folder.ts";
import { shLine } from "../shell/magics.ts";
import { cargo, npm, pip } from "../shell/tools.ts";
import { lsmagic } from "./lsmagic.ts";
import type { LineMagic } from "./magic.ts";
import { magics } from "./magics.ts";
import { config } from "./settings-magic.ts";

/** Every line magic. Help, completion and the docs are made from this table. */
export const lineMagics: readonly LineMagic[] = [
  cargo,
  cd,
  config,
  env,
  lsmagic(() => lineMagics, magics),
  npm,
  pip,
  recover,
  shLine,
];
