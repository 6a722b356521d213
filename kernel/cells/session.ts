import type { Engine } from "../engine/engine.ts";
import type { TypeService } from "../typescript/service.ts";

/** What the cells of one notebook share. Lives as long as the kernel; the engine inside it can be replaced. */
export interface Session {
  /** The notebook's folder, absolute: working directory, root of imports. */
  readonly folder: string;
  readonly engine: Engine;
  readonly types: TypeService;
  /** A part's state for this session, made on first use and closed with the kernel: `session.part(pythonRunners)`. */
  part<T extends Part>(factory: PartFactory<T>): T;
}

export interface Part {
  /** The engine was replaced: whatever was loaded into it is gone. */
  engineReplaced?(): void;
  close(): Promise<void>;
}

export type PartFactory<T extends Part> = (session: Session) => T;
