/** A process that formats with a folder's own Prettier, asked over IPC. It ends with the server, whatever the folder's code does. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** What the server asks. */
export interface PrettierRequest {
  readonly id: number;
  /** Prettier's main module. */
  readonly entry: string;
  readonly text: string;
  /** The file whose settings count; absolute. */
  readonly file: string;
  readonly jsx: boolean;
  /** Whether to format where no configuration is found. */
  readonly always: boolean;
}

/** What it is told: first that the work begins. */
export type PrettierAnswer = { readonly id: number } & (
  | { readonly started: true }
  | { readonly formatted: string }
  | { readonly notConfigured: true }
  | { readonly failed: string; readonly isSyntax: boolean }
);

/** Prettier's interface, as far as it is used; that of version 2 answers at once. */
interface Prettier {
  clearConfigCache(): Promise<void> | void;
  resolveConfigFile(file: string): Promise<string | null>;
  resolveConfig(file: string, options: { editorconfig: boolean }): Promise<Record<string, unknown> | null>;
  getFileInfo(file: string, options: { ignorePath: string }): Promise<{ ignored: boolean }>;
  format(text: string, options: Record<string, unknown>): Promise<string> | string;
}

if (isMainThread) {
  // The folder's code has a thread of its own, so that this one notices when the server is gone.
  const worker = new Worker(__filename);
  worker.on("message", (answer) => process.send?.(answer));
  worker.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  // `process.exit` of the folder's code ends its thread alone.
  worker.on("exit", (code) => process.exit(code));
  process.on("message", (request) => worker.postMessage(request));
  process.on("disconnect", () => process.exit());
} else {
  parentPort?.on("message", async (request: PrettierRequest) =>
    parentPort?.postMessage(await answer(request)),
  );
}

async function answer({ id, entry, text, file, jsx, always }: PrettierRequest): Promise<PrettierAnswer> {
  try {
    // The folder's package, by its main module.
    const module = (await import(pathToFileURL(entry).href)) as Prettier & { default?: Prettier };
    const prettier = module.default ?? module;
    // The configuration may have been edited since.
    await prettier.clearConfigCache();
    if (!always && (await prettier.resolveConfigFile(file)) === null) return { id, notConfigured: true };
    const ignorePath = nearest(".prettierignore", dirname(file));
    if (ignorePath !== undefined && (await prettier.getFileInfo(file, { ignorePath })).ignored)
      return { id, formatted: text };
    const options = await prettier.resolveConfig(file, { editorconfig: true });
    const filepath = jsx ? `${file}x` : file;
    return { id, formatted: await prettier.format(text, { ...options, filepath }) };
  } catch (error) {
    const isSyntax = error instanceof Error && error.name === "SyntaxError" && "loc" in error;
    return { id, failed: error instanceof Error ? error.message : String(error), isSyntax };
  }
}

/** The file of this name in a folder or above. */
function nearest(name: string, folder: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : nearest(name, dirname(folder));
}
