/** What tests of Rust cells in Python share: sources that Python cells run. */
import type { RustKernel } from "./rust-kernel.ts";

export interface PythonOfRust {
  /** What an expression, the last line of the source, is in Python. */
  value(source: string): Promise<string>;
  /** What a source raises: its traceback. */
  raised(source: string): Promise<string>;
}

/** Python cells in the kernel of Rust cells. */
export function pythonOf(rust: RustKernel): PythonOfRust {
  return {
    async value(source) {
      const ran = await rust.k.run(`%%python\n${source}`);
      if (ran.status === "error") throw new Error(ran.error?.traceback.join("\n"));
      return String(ran.result?.["text/plain"]);
    },
    async raised(source) {
      const ran = await rust.k.run(`%%python\n${source}`);
      if (ran.status !== "error") throw new Error(`no error, but ${ran.result?.["text/plain"]}`);
      return ran.error?.traceback.join("\n") ?? "";
    },
  };
}
