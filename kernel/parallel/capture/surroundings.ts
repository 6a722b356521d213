import type { EngineContext } from "../../engine/part.ts";
import type { Step } from "../protocol.ts";
import { FunctionInspector } from "./inspector.ts";
import { StepMemory, type StepOptions, stepsOf } from "./steps.ts";
import { type Change, type SurveyOptions, survey } from "./survey.ts";

/** What a function needs in a worker; nothing of it is copied before it is asked for. */
export interface Surroundings {
  steps(options?: StepOptions): { steps: readonly Step[]; roots: readonly string[] };
  /** What is changed in copies, and so not here. */
  readonly changes: readonly Change[];
  /** It uses a name that only workers have, by a set-up. */
  readonly usesSetUp: boolean;
}

/** Finds the surroundings of functions of one notebook. */
export class Capture {
  readonly #context: EngineContext;
  readonly #memory = new StepMemory();
  #inspector: FunctionInspector | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Throws one error that names everything that cannot travel. */
  of(fns: readonly ((...args: never[]) => unknown)[], options?: SurveyOptions): Surroundings {
    this.#inspector ??= new FunctionInspector();
    const found = survey(fns, this.#context, this.#inspector, options);
    const { changes, usesSetUp } = found;
    return { steps: (how) => stepsOf(found, this.#memory, how), changes, usesSetUp };
  }
}
