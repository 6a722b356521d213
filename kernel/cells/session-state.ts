import type { Engine } from "../engine/engine.ts";
import type { TypeService } from "../typescript/service.ts";
import { noTypes } from "./no-types.ts";
import type { Part, PartFactory, Session } from "./session.ts";

/** The session of a running kernel. */
export class KernelSession implements Session {
  readonly folder: string;
  readonly engine: Engine;
  readonly types: TypeService = noTypes;
  readonly #parts = new Map<PartFactory<Part>, Part>();

  constructor(folder: string, engine: Engine) {
    this.folder = folder;
    this.engine = engine;
  }

  part<T extends Part>(factory: PartFactory<T>): T {
    const made = this.#parts.get(factory);
    // The map's key is the factory that made the part: it is a T.
    if (made) return made as T;
    const part = factory(this);
    this.#parts.set(factory, part);
    return part;
  }

  engineReplaced(): void {
    for (const part of this.#parts.values()) part.engineReplaced?.();
    void this.types.reset();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => part.close()));
    await this.types.close();
  }
}
