import type { EngineContext } from "../../engine/part.ts";
import type { Step } from "../protocol.ts";
import { FunctionInspector } from "./inspector.ts";
import { StepMemory, stepsOf } from "./steps.ts";
import { type Change, survey } from "./survey.ts";

/** What a function needs in a worker; nothing of it is copied before it is asked for. */
export interface Surroundings {
  steps(): { steps: readonly Step[]; root: string };
  /** What is changed in copies, and so not here. */
  readonly changes: readonly Change[];
}

/** Finds the surroundings of functions of one notebook. */
export class Capture {
  readonly #context: EngineContext;
  readonly #memory = new StepMemory();
  #inspector: FunctionInspector | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Throws one error that names everything that cannot travel. `file`: where the function stands, if that is known. */
  of(fn: (...args: never[]) => unknown, file?: string): Surroundings {
    this.#inspector ??= new FunctionInspector();
    const found = survey(fn, this.#context, this.#inspector, file);
    return { steps: () => stepsOf(found, this.#memory), changes: found.changes };
  }
}
