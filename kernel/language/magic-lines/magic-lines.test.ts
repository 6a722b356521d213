import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver";
import { type LanguageClient, withLanguages } from "../../../test/language-client.ts";

// One server for the file.
let client: LanguageClient;
let end: () => void;
let ended: Promise<void>;
beforeAll(async () => {
  await new Promise<void>((ready) => {
    ended = withLanguages({}, async (one) => {
      client = one;
      ready();
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    });
  });
});
afterAll(async () => {
  end();
  await ended;
});

test("names of magics are completed with their help, and options with a place for their value", async () => {
  const notebook = client.open([
    "%%par‸",
    { language: "rust", text: "%%rust --int64 ‸\nfn f() {}" },
    "%%bench --ro‸",
  ]);
  const [name, value, option] = notebook.places;
  if (!name || !value || !option) throw new Error("A cursor is missing.");
  const [parallel] = (await notebook.complete(name, "%"))?.items ?? [];
  expect(parallel).toMatchObject({
    label: "%%parallel",
    detail: expect.stringContaining("run the cell once per item"),
    documentation: { kind: "markdown", value: expect.stringContaining("--keep-going") },
  });
  const edit = parallel?.textEdit;
  if (!edit || !("range" in edit)) throw new Error("There is no edit.");
  expect(notebook.applied(name.cell, [edit])).toBe("%%parallel ");
  expect((await notebook.complete(value))?.items.map(({ label }) => label)).toEqual(["number"]);
  expect((await notebook.complete(option))?.items).toMatchObject([
    {
      label: "--rounds",
      textEdit: { newText: expect.stringMatching(/^--rounds \$\{1:n\}$/) },
      insertTextFormat: 2,
    },
  ]);
});

test("hover shows a magic's help and an option's", async () => {
  const notebook = client.open(["%%pa‸rallel --force x of rows", "f();\n%history --nu‸mbers"]);
  const [name, option] = notebook.places;
  if (!name || !option) throw new Error("A cursor is missing.");
  expect(await notebook.hover(name)).toContain("%%parallel [options] pattern of expression");
  expect(await notebook.hover(option)).toContain("With session and execution count");
});

test("a mistake is a red line at its word, with a fix, until it is mended", async () => {
  const notebook = client.open(["%%parallel --fore x of rows\nx", "1;\n%tiem 2"]);
  const isUnknown = ({ code }: Diagnostic) => code === "unknownOption";
  const found = (await notebook.diagnosed(0, isUnknown)).find(isUnknown);
  expect(found).toMatchObject({
    range: { start: { line: 0, character: 11 }, end: { line: 0, character: 17 } },
    severity: 1,
    code: "unknownOption",
    message: expect.stringContaining("The nearest one is --force."),
  });
  const [fix] = await notebook.actions({ cell: 0, line: 0, character: 12 });
  expect(fix).toMatchObject({ title: "Replace with --force", kind: "quickfix", isPreferred: true });
  const edits = fix?.edit?.changes?.[notebook.uriOf(0)] ?? [];
  expect(notebook.applied(0, edits)).toBe("%%parallel --force x of rows\nx");
  expect(await notebook.diagnosed(1)).toMatchObject([{ range: { start: { line: 1, character: 0 } } }]);
  notebook.edit(1, "1;\n%time 2");
  const uri = notebook.uriOf(1);
  await client.until(() => (client.diagnostics.get(uri)?.length === 0 ? true : undefined), "no mistake");
});

test("cells of another language are left alone", async () => {
  const notebook = client.open([{ language: "plaintext", text: "%ti‸" }]);
  const { place } = notebook;
  expect(await notebook.complete(place)).toBeNull();
});

test("heads and bodies of %%parallel are typed while they are written", async () => {
  const notebook = client.open([
    "const rows = [{ name: 'a', size: 1 }]",
    "%%parallel -n 2 --out names row of rows.‸",
    "%%parallel row of rows\nrow.‸",
    "%%parallel --out names [i, ro‸w] of rows.entries()\nif (i > 0) {\n  row.name.toUpperCase(",
    '%%parallel --reduce "(a, b) => a + b" ro‸w of rows\nrow.size',
    "%%parallel --fo row of rows\nrow.na‸",
  ]);
  const [list, body, pattern, reduced, wrong] = notebook.places;
  if (!list || !body || !pattern || !reduced || !wrong) throw new Error("A cursor is missing.");
  const labels = async (at: typeof list) =>
    (await notebook.complete(at, "."))?.items.map(({ label }) => label);
  expect(await labels(list)).toContain("flatMap");
  expect(await labels(body)).toEqual(["name", "size"]);
  expect(await labels(wrong)).toContain("name");
  expect(await notebook.hover(pattern)).toContain("const row: {");
  expect(await notebook.hover(reduced)).toContain("size: number");
});

test("a wrong capture is a red line at its first use, by text and by type, also after an edit above", async () => {
  const notebook = client.open([
    "let total = 0",
    "async function load() { return 1 }\nconst loading = load()",
    "%%parallel x of [1, 2]\ntotal += x",
    "%%parallel x of [1, 2]\nconst all = [x, loading]\nall.length",
  ]);
  const isCapture = ({ code }: Diagnostic) => code === "parallelWillRefuse";
  const assigned = (await notebook.diagnosed(2, isCapture)).find(isCapture);
  expect(assigned).toMatchObject({
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } },
    severity: 1,
    code: "parallelWillRefuse",
    message: expect.stringContaining("Return the value from the body"),
  });
  const captured = (await notebook.diagnosed(3, isCapture)).filter(isCapture);
  expect(captured).toMatchObject([
    {
      range: { start: { line: 1, character: 16 }, end: { line: 1, character: 23 } },
      message: expect.stringContaining("loading is a promise. Workers have"),
    },
  ]);
  notebook.edit(0, "const other = 0");
  const uri = notebook.uriOf(2);
  const isTold = () => client.diagnostics.get(uri)?.some(({ code }) => code === "parallelWillRefuse");
  await client.until(() => (isTold() ? undefined : true), "no capture");
  notebook.edit(1, "const loading = 1");
  const isCaptured = () => (client.diagnostics.get(notebook.uriOf(3)) ?? []).length > 0;
  await client.until(() => (isCaptured() ? undefined : true), "nothing wrong");
});

test("what %run brings is known without a run", async () => {
  writeFileSync(join(client.folder, "helpers.ts"), "export const helped = (n: number) => n * 2\n");
  const notebook = client.open(["%run helpers.ts", "hel‸ped(2)", 'helped("x")']);
  const { place } = notebook;
  await notebook.diagnosed(2, ({ code }) => code === 2345);
  expect(await notebook.hover(place)).toContain("(n: number) => number");
});

test("nothing shows how a head is made into TypeScript", async () => {
  const notebook = client.open(["const rows = [1, 2]", "%%parallel x of rows‸\nconst y = Math.max(x, 1)\ny"]);
  const head = notebook.place;
  const position = { line: head.line, character: head.character };
  expect(await notebook.ask("signatureHelp", head.cell, { position })).toBeNull();
  expect(await notebook.ask("signatureHelp", 1, { position: { line: 1, character: 20 } })).not.toBeNull();
  const symbols = await notebook.ask<{ name: string }[]>("documentSymbol", 1);
  expect(symbols.map(({ name }) => name).filter((name) => /[^\w$]/.test(name))).toEqual([]);
  const list = await notebook.complete({ ...head, line: 2, character: 1 });
  expect(
    list?.items.map(({ label }) => label).filter((label) => /[\u01c2\u01c3]|__tandem/.test(label)),
  ).toEqual([]);
});
