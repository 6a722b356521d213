import { expect, test } from "vitest";
import type { InlayHint } from "vscode-languageserver";
import { withLanguages } from "../../../test/language-client.ts";

test("hints follow the editor's settings, also while a notebook is open", async () => {
  const settings: Record<string, unknown> = {
    "js/ts": null,
    typescript: { inlayHints: { variableTypes: { enabled: false } } },
  };
  await withLanguages({ capabilities: { workspace: { configuration: true } }, settings }, async (client) => {
    const notebook = client.open(["const text = String(1)"]);
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    const hints = () => notebook.ask<InlayHint[]>("inlayHint", 0, { range });
    expect(await hints()).toEqual([]);
    settings.typescript = { inlayHints: { variableTypes: { enabled: true } } };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: {} });
    await expect
      .poll(async () => (await hints()).map(({ position }) => position.character), { timeout: 8000 })
      .toEqual([10]);
  });
});
