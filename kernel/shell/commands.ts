import type { Part, Session } from "../cells/session.ts";
import { type Command, type CommandEnd, type RunningCommand, startCommand } from "./command.ts";

/** The commands of a session: those that run, and those that left something in the background. */
export class Commands implements Part {
  readonly #all = new Set<RunningCommand>();

  /** Runs a command to its end. What it leaves in the background goes on until the session ends. */
  run(command: Command): Promise<CommandEnd> {
    const running = startCommand(command);
    this.#all.add(running);
    return running.ended;
  }

  cellStarts(): void {
    for (const running of this.#all) if (!running.alive) this.#all.delete(running);
  }

  async close(): Promise<void> {
    for (const running of this.#all) running.kill();
    this.#all.clear();
  }
}

export const commands = (_session: Session) => new Commands();
