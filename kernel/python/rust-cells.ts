import { join } from "node:path";

/** A %%rust cell that was loaded, as Python's module `tandem_rust` takes it. */
export interface RustCell {
  readonly library: string;
  /** Where the optimised build lies, or will lie. */
  readonly optimised: string;
  /** The cell's name, told by panics. */
  readonly file: string;
  /** `--as`. */
  readonly namespace: string | null;
}

/** Names that a %%rust cell declares and Python cannot have: an entry of the catalogue of errors says why. */
export interface RefusedNames {
  readonly refusal: "rustMissing" | "pythonRustIsolated";
  readonly names: readonly string[];
}

/** Where the compiled module may lie: as the addon, beside the bundle, above it for tests, in dist/ for the sources. */
export const moduleFolders = [__dirname, join(__dirname, ".."), join(__dirname, "..", "..", "dist")];
