import { version } from "../../package.json";
import { PROTOCOL_VERSION } from "./header.ts";

/**
 * The language as Jupyter clients see it. VS Code takes the cells' language id from `name`, which is our own so that its
 * built-in TypeScript service leaves cells alone; the others highlight by the MIME type, CodeMirror's or Pygments' name.
 */
export const LANGUAGE_INFO = {
  name: "tandem-typescript",
  version: "7.0",
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  codemirror_mode: { name: "javascript", typescript: true },
  nbconvert_exporter: "script",
};

/** The content of a kernel_info_reply. */
export function kernelInfo(): Record<string, unknown> {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "tandem",
    implementation_version: version,
    language_info: LANGUAGE_INFO,
    banner: `Tandem ${version}: TypeScript notebooks, with cells on all cores, in Rust and in Python. %lsmagic lists the magics.`,
    // Variables are shown; JupyterLab offers that where there is a debugger.
    debugger: true,
    supported_features: ["kernel subshells", "debugger"],
    help_links: [
      { text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
    ],
  };
}
