import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Saves a trace beside the notebook, as `name.trace.json`; says where it is, or why it is not. */
export function saveTrace(text: string, folder: string, name: string): { file?: string; said: string } {
  const file = `${name}.trace.json`;
  try {
    writeFileSync(join(folder, file), text);
    return { file, said: `Saved as ${file}, which ui.perfetto.dev and chrome://tracing open.` };
  } catch (error) {
    return {
      said: `The trace could not be saved: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
