import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findingsOf, shown } from "../../../test/editor-findings.ts";
import { LanguageClient } from "../../../test/language-client.ts";
import { isExecuted, parseNotebook } from "../../notebook/notebook.ts";

// Nobody trusts the folder: no compiler of Rust is started, and types and magics are all that is looked at.
const folder = join(import.meta.dirname, "../../../notebooks");
const client = new LanguageClient(folder);
beforeAll(() => client.initialize({ trusted: false }));
afterAll(() => client.close());

const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

test.each(names)("nothing is wrong in a cell of %s before any has run", async (name) => {
  const { cells } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
  const texts = cells.filter(isExecuted).map(({ source }) => source);
  expect(texts.length).toBeGreaterThan(1);
  expect((await findingsOf(client, texts, name)).map(shown)).toEqual([]);
});
