import type { EngineContext } from "../../engine/part.ts";
import type { Step } from "../protocol.ts";
import { callSite } from "./call-site.ts";
import { FunctionInspector } from "./inspector.ts";
import { readSource } from "./source.ts";
import { StepMemory, type StepOptions, stepsOf } from "./steps.ts";
import { type Change, type SurveyOptions, survey } from "./survey.ts";

/** What functions need in a worker; nothing of it is copied before it is asked for. */
export interface Surroundings {
  steps(options?: StepOptions): { steps: readonly Step[]; roots: readonly string[] };
  /** What is changed in copies, and so not here. */
  readonly changes: readonly Change[];
  /** It uses a name that only workers have, by a set-up. */
  readonly usesSetUp: boolean;
}

type AnyFunction = (...args: never[]) => unknown;

/** So many functions that use nothing from outside are remembered. */
const MOST_KNOWN = 100;

/** Finds the surroundings of functions of one notebook. */
export class Capture {
  readonly #context: EngineContext;
  readonly #memory = new StepMemory();
  readonly #known = new Map<string, Surroundings>();
  #inspector: FunctionInspector | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Throws one error that names everything that cannot travel. */
  of(fns: readonly AnyFunction[], options?: SurveyOptions): Surroundings {
    const key = options?.file === undefined ? keyOf(fns) : undefined;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known) return known;
    this.#inspector ??= new FunctionInspector();
    const found = survey(fns, this.#context, this.#inspector, options);
    const { changes, usesSetUp } = found;
    const surroundings = {
      steps: (how?: StepOptions) => stepsOf(found, this.#memory, how),
      changes,
      usesSetUp,
    };
    if (key !== undefined) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      const steps = surroundings.steps();
      this.#known.set(key, { ...surroundings, steps: () => steps });
    }
    return surroundings;
  }
}

/**
 * Tells functions apart that use nothing from outside: by their text, and by the line they were handed over on, which
 * stacks name. To look into a function takes longer than many a run.
 */
function keyOf(fns: readonly AnyFunction[]): string | undefined {
  const texts: string[] = [];
  for (const fn of fns) {
    const text = Function.prototype.toString.call(fn);
    const facts = readSource(text);
    if (!facts || facts.free.length > 0 || facts.borrowed.length > 0 || facts.isClass) return undefined;
    if (facts.form !== "expression" || Object.keys(fn).length > 0) return undefined;
    texts.push(text);
  }
  const site = callSite();
  return site && [site, ...texts].join("\n");
}
