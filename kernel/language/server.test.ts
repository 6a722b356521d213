import { expect, test } from "vitest";
import { withLanguages } from "../../test/language-client.ts";

test("cells that nobody has an answer for get none", async () => {
  await withLanguages({}, async (client) => {
    const notebook = client.open([{ language: "plaintext", text: "no co‸de" }]);
    const { place } = notebook;
    expect(await notebook.hover(place)).toBeUndefined();
    expect(await notebook.ask("documentSymbol", 0)).toEqual([]);
  });
});
