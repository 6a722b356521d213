import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { LanguageClient } from "./language-client.ts";

/**
 * A client of one language server for the tests of a file, in a folder of its own with these files: texts by their paths. Both end with
 * the tests. The folder's name has what may go wrong in addresses.
 */
export function useLanguages(
  files: Readonly<Record<string, string>> = {},
  options: { readonly trusted: boolean } = { trusted: false },
): LanguageClient {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "editor é #%20 ")));
  const client = new LanguageClient(folder);
  beforeAll(async () => {
    for (const [name, text] of Object.entries({ "package.json": '{ "name": "here" }', ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    await client.initialize(options);
  });
  afterAll(async () => {
    await client.close();
    rmSync(folder, { recursive: true });
  });
  return client;
}
