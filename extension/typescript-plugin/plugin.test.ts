import { createRequire } from "node:module";
import { expect, test } from "vitest";

// What VS Code's TypeScript service loads; a real one has it in test/vscode/suite/language-server.test.ts.
const makePlugin = createRequire(import.meta.url)("./index.cjs");

test("served cells get no answer, all else gets the service's own", () => {
  const languageService = {
    getSemanticDiagnostics: (file: string) => [file],
    getQuickInfoAtPosition: (file: string, position: number) => `${file}:${position}`,
    organizeImports: ({ fileName }: { fileName: string }) => [fileName],
    getSmartSelectionRange: (file: string) => file,
  };
  let refreshed = 0;
  const plugin = makePlugin();
  const service = plugin.create({ languageService, project: { refreshDiagnostics: () => refreshed++ } });
  const cell = "^/vscode-notebook-cell/127.0.0.1+8080/work/a b.ipynb#W0sZmlsZQ==.ts";
  expect(service.getSemanticDiagnostics(cell)).toEqual([cell]);

  plugin.onConfigurationChanged({ notebooks: ["/work/a b.ipynb"] });
  expect(refreshed).toBe(1);
  expect(service.getSemanticDiagnostics(cell)).toEqual([]);
  expect(service.getQuickInfoAtPosition(cell, 3)).toBeUndefined();
  expect(service.organizeImports({ type: "file", fileName: cell })).toEqual([]);
  expect(service.getSmartSelectionRange(cell)).toBe(cell);
  for (const other of [
    "^/vscode-notebook-cell/ts-nul-authority/work/b.ipynb#W0sZmlsZQ==.ts",
    "^/vscode-notebook-cell/ts-nul-authority/more/work/a b.ipynb#W0sZmlsZQ==.ts",
    "/work/a b.ipynb",
    "/work/a.ts",
  ])
    expect(service.getSemanticDiagnostics(other)).toEqual([other]);

  plugin.onConfigurationChanged({});
  expect(service.getQuickInfoAtPosition(cell, 3)).toBe(`${cell}:3`);
});
