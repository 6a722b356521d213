import { cells } from "../cells/engine.ts";
import { chart } from "../display/chart/engine.ts";
import { progress } from "../display/progress/engine.ts";
import { stdin } from "../input/engine.ts";
import { measure } from "../measure/engine.ts";
import { parallel } from "../parallel/engine.ts";
import { profile } from "../profile/engine.ts";
import { python } from "../python/engine.ts";
import { rust } from "../rust/engine.ts";
import { shell } from "../shell/engine.ts";
import { timeline } from "../timeline/engine.ts";
import { variables } from "../variables/engine.ts";
import { comm } from "../widgets/engine.ts";
import type { EnginePart } from "./part.ts";

/** The parts that live in the engine; bundled as dist/parts.cjs and loaded when one is first needed. */
export const parts: Readonly<Record<string, EnginePart>> = {
  cells,
  chart,
  comm,
  measure,
  parallel,
  profile,
  progress,
  python,
  rust,
  shell,
  stdin,
  timeline,
  variables,
};
