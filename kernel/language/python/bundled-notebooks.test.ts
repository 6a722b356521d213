import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withLanguages } from "../../../test/language-client.ts";
import { hasPython } from "../../../test/python.ts";
import { isExecuted, parseNotebook } from "../../notebook/notebook.ts";

const folder = join(import.meta.dirname, "../../../notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

test.skipIf(!hasPython)("nothing is wrong in a Python cell of the bundled notebooks", () =>
  withLanguages({ folder }, async (client) => {
    let count = 0;
    for (const name of names) {
      const { cells } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
      const texts = cells
        .filter(isExecuted)
        // Rust is checked elsewhere; its names are to be seen all the same.
        .map(({ source }) =>
          source.startsWith("%%rust") ? `/*\n${source.replaceAll("*/", "")} */` : source,
        );
      if (!texts.some((text) => text.startsWith("%%python"))) continue;
      // What is told of all cells comes at once, the last one's last.
      const notebook = client.open([...texts, "%%python\nwrong_on_purpose = ("], name);
      await notebook.diagnosed(texts.length, ({ source }) => source === "python");
      for (const [index, text] of texts.entries()) {
        if (!text.startsWith("%%python")) continue;
        count++;
        const found = client.diagnostics.get(notebook.uriOf(index)) ?? [];
        expect({ text, found }).toEqual({ text, found: [] });
      }
      notebook.close();
    }
    expect(count).toBeGreaterThan(10);
  }),
);
