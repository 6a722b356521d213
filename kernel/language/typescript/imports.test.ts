import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useLanguages } from "../../../test/use-languages.ts";

const files = {
  "package.json": '{ "name": "here", "dependencies": { "valibot": "*" } }',
  "lib.ts": "export function twice(n: number): number { return 2 * n }\n",
};
const client = useLanguages(files, { trusted: true });
mkdirSync(join(client.folder, "node_modules"));
const valibot = join(import.meta.dirname, "..", "..", "..", "node_modules", "valibot");
symlinkSync(realpathSync(valibot), join(client.folder, "node_modules", "valibot"));

test.each([
  ["the folder's modules", "twic‸", "twice", "./lib"],
  ["Node's modules", "readFileSyn‸", "readFileSync", "node:fs"],
  ["packages", "const s = safePars‸", "safeParse", "valibot"],
])("completion imports from %s", async (_what, text, label, from) => {
  const notebook = client.open([text]);
  const { place } = notebook;
  const list = await notebook.complete(place);
  const items = list?.items.filter((one) => one.label === label) ?? [];
  const item = items.find(({ labelDetails }) => labelDetails?.description === from);
  if (!item) throw new Error(`Not offered: ${JSON.stringify(items.slice(0, 5))}`);
  // Written on, and chosen then.
  notebook.edit(0, text.replace(/\w+‸/, label));
  const resolved = await notebook.resolve(item);
  expect(notebook.applied(0, resolved.additionalTextEdits ?? []).split("\n")[0]).toBe(
    `import { ${label} } from "${from}";`,
  );
});

test("a name goes into the import of its module that is there", async () => {
  const notebook = client.open(['import { readFileSync } from "node:fs"\nwriteFileSyn‸']);
  const { place } = notebook;
  const list = await notebook.complete(place);
  const item = list?.items.find(({ label }) => label === "writeFileSync");
  expect(notebook.applied(0, item?.additionalTextEdits ?? [])).toBe(
    'import { readFileSync, writeFileSync } from "node:fs"\nwriteFileSyn',
  );
});

test("members of values are not mixed with what could be imported", async () => {
  const notebook = client.open(["const o = { read: 1 }\no.re‸"]);
  const { place } = notebook;
  const list = await notebook.complete(place);
  expect(list?.items.map(({ label }) => label)).toEqual(["read"]);
});
