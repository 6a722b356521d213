import { Worker } from "node:worker_threads";
import { endWithPipe } from "../addon.ts";
import { loadLibrary } from "../load.ts";
import type { RustCallable } from "../registry.ts";
import type { Answer, Failure, Question } from "./messages.ts";

/** The engine's pipe: its end is the engine's. */
const ENGINE = 4;

/** Ends the process when the engine has ended, whatever native code runs in the main thread; where the addon cannot. */
const watch = `
const { readSync } = require("node:fs");
try { while (readSync(${ENGINE}, Buffer.alloc(1)) > 0); } catch {}
process.kill(process.pid, "SIGKILL");
`;

/** Runs the functions of isolated cells as the engine asks. */
export function serve(): void {
  if (!endWithPipe(ENGINE)) new Worker(watch, { eval: true, stdout: false, stderr: false });
  // An interrupt of the notebook is the engine's to handle.
  process.on("SIGINT", () => {});
  process.on("disconnect", () => process.exit());
  process.on("message", (message) => {
    // The engine's half sends it (call.ts).
    const question = message as Question;
    void answer(question).then((found) => {
      process.send?.(found, (error: Error | null) => {
        if (error) process.send?.({ id: question.id, failure: failureOf(error) } satisfies Answer);
      });
    });
  });
}

async function answer(question: Question): Promise<Answer> {
  const { id, library, file, bigAsNumber, path, values, written } = question;
  try {
    const { byPath, declared } = loadLibrary(library, file, bigAsNumber);
    if (question.constant) return { id, value: constantOf(declared, path), written: [] };
    // The engine asks for what the cell exports.
    const fn = byPath.get(path) as RustCallable;
    const value = await (question.async ? fn.async(...values) : fn(...values));
    return { id, value, written: written.map((index) => values[index]) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

/** `limits::MOST` is in the object `limits`. */
function constantOf(declared: ReadonlyMap<string, unknown>, path: string): unknown {
  const [first = "", ...rest] = path.split("::");
  return rest.reduce((holder: unknown, name) => Reflect.get(Object(holder), name), declared.get(first));
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), fields: {} };
  return { name: error.name, message: error.message, fields: { ...error } };
}
