import type { EnginePart } from "../engine/part.ts";
import { type ErrorCode, fail } from "../errors.ts";

export interface InputOptions {
  /** What is typed is not shown. */
  password?: boolean;
}

/** The engine's part of questions to the person at the front end: `input`. */
export const stdin: EnginePart = {
  globals: (context) => ({
    async input(prompt: unknown = "", { password = false }: InputOptions = {}): Promise<string> {
      try {
        // The kernel's answer is the text.
        return (await context.ask("stdin.input", { prompt: String(prompt), password })) as string;
      } catch (error) {
        // Told anew here, so that its stack names the cell.
        throw isCode(error, "noStdin") ? fail("noStdin") : error;
      }
    },
  }),
};

const isCode = (error: unknown, code: ErrorCode) =>
  typeof error === "object" && error !== null && "code" in error && error.code === code;
