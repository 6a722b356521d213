const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** The extensions of the TypeScript files for which an import may write this extension: of `.js` `.ts` and `.tsx`. */
export const sourcesOf = (extension: string): readonly string[] => WRITTEN_AS[extension] ?? [];
