import type { Cell } from "./cell.ts";
import type { Session } from "./session.ts";

/** A `%` magic: one line among a cell's TypeScript. */
export interface LineMagic {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Placeholder of what follows the name. */
  readonly rest?: string;
  run(rest: string, cell: Cell, session: Session): Promise<void>;
}
