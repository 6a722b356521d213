import type { EngineContext } from "../engine/part.ts";
import type { SetUp } from "./protocol.ts";

interface Kept extends SetUp {
  /** What it declares, each with where the notebook declared the same name then. */
  readonly names: ReadonlyMap<string, string | undefined>;
}

/** What `%%parallel each` cells have workers do before anything else, in the order of the cells. */
export class SetUps {
  readonly #context: EngineContext;
  #kept: Kept[] = [];
  #last = 0;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  get all(): readonly SetUp[] {
    return this.#kept;
  }

  nextId(): number {
    return ++this.#last;
  }

  /** Adds one that went well; an earlier one all of whose names it declares is not done any more. */
  add(setUp: SetUp, names: readonly string[]): void {
    this.#kept = this.#kept.filter(
      ({ names: old, root }) =>
        root !== setUp.root && (old.size === 0 || ![...old.keys()].every((name) => names.includes(name))),
    );
    const places = names.map((name) => [name, this.#context.declaredAt(name)] as const);
    this.#kept.push({ ...setUp, names: new Map(places) });
  }

  /** Whether workers have a name of their own: a set-up declared it, and the notebook has not done so since. */
  has(name: string): boolean {
    return this.#kept.some(
      ({ names }) => names.has(name) && names.get(name) === this.#context.declaredAt(name),
    );
  }
}
