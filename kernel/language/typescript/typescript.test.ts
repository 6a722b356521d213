import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type {
  CodeAction,
  DocumentSymbol,
  Location,
  LocationLink,
  SignatureHelp,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { CellPosition, CellSource, OpenedNotebook } from "../../../test/language-client.ts";
import { useLanguages } from "../../../test/use-languages.ts";
import { compilerPath } from "../../typescript/service/executable.ts";

// One server for all.
const files = { "lib.ts": "export function twice(n: number): number { return 2 * n }\n" };
const client = useLanguages(files, { trusted: true });
const { folder } = client;

function open(...cells: CellSource[]): OpenedNotebook {
  return client.open(cells);
}

function place(notebook: OpenedNotebook, index = 0): CellPosition {
  const found = notebook.places[index];
  if (!found) throw new Error("There is no cursor.");
  return found;
}

/** What is wrong in all cells once a last one, which is wrong, was looked at. */
async function findings(...cells: CellSource[]): Promise<string[]> {
  const notebook = open(...cells, 'const __last: number = "wrong"');
  await notebook.diagnosed(cells.length);
  return cells.flatMap((_cell, index) =>
    (client.diagnostics.get(notebook.uriOf(index)) ?? [])
      .filter(({ severity }) => severity === 1)
      .map(({ range, message }) => `${index} ${range.start.line}:${range.start.character} ${message}`),
  );
}

test.each<[string, string[]]>([
  ["names and types of earlier cells", ["const a = 1\ninterface P { x: number }", "const p: P = { x: a }"]],
  ["names of later cells", ["function f() { return later() }", "function later() { return 1 }"]],
  ["redeclaration", ["const a = 1", "const b = a + 1", "const a = 'text'", "a.length + b"]],
  ["a use before a redeclaration", ["class C { v = 1 }", "new C().v", "class C { w = 1 }", "new C().w"]],
  ["assignment", ["let n = 1; var m = 2", "n = 2; m++; [n, m] = [m, n]", "n.toFixed()"]],
  ["imports", ['import { join } from "node:path"', 'join("a", "b").length']],
  ["local modules", ['import { twice } from "./lib.ts"', "twice(2).toFixed()"]],
  ["top-level await", ["const x = await Promise.resolve(1)", "x.toFixed()"]],
  ["an object literal as the value", ["{ a: 1, b: 2 }", "const y = 1"]],
  ["a global's name declared later", ["performance.now()", "const performance = 1", "performance.toFixed()"]],
  ["exports", ["export const e = 1", "e.toFixed()"]],
  ["magic lines", ["%config check = off\nconst a = 1", "%time a.toFixed()"]],
  [
    "parallel cells",
    ["const rows = [1, 2]", "%%parallel --out r x of rows\nx * 2", "r.map((n) => n.toFixed())"],
  ],
])("no false error: %s", async (_what, cells) => {
  expect(await findings(...cells)).toEqual([]);
});

test.each<[string, string[], string[]]>([
  ["a type across cells", ["const a = 1", "a.trim()"], ["1 0:2 Property 'trim' does not exist on type '1'."]],
  [
    "an assignment of another type",
    ["let n = 1", 'n = "x"'],
    ["1 0:0 Type 'string' is not assignable to type 'number'."],
  ],
  ["an unknown name", ["nowhere + 1"], ["0 0:0 Cannot find name 'nowhere'."]],
  [
    "a class of an earlier cell",
    ["class Box { v = 1 }", "const s: string = new Box()"],
    ["1 0:6 Type 'Box' is not assignable to type 'string'."],
  ],
  [
    "the body of a parallel cell",
    ["const rows = [1]", "%%parallel x of rows\nconst y: string = x\ny"],
    ["1 1:6 Type 'number' is not assignable to type 'string'."],
  ],
  ["a head", ["%%parallel x of nowhere\nx"], ["0 0:16 Cannot find name 'nowhere'."]],
])("an error: %s", async (_what, cells, expected) => {
  expect(await findings(...cells)).toEqual(expected);
});

test("diagnostics follow edits, also of the cells that others depend on", async () => {
  const notebook = open("const a = 1", "a.trim()", "const b = 2");
  await notebook.diagnosed(1);
  notebook.edit(0, 'const a = "text"');
  await client.until(() => client.diagnostics.get(notebook.uriOf(1))?.length === 0 || undefined, "no error");
  notebook.edit(2, "b.trim()");
  await notebook.diagnosed(2);
  notebook.remove(0);
  const [found] = await notebook.diagnosed(0, ({ message }) =>
    String(message).includes("Cannot find name 'a'"),
  );
  expect(found).toBeDefined();
});

test("completion knows members, names of other cells, and what is being typed", async () => {
  const notebook = open("const longName = { inner: 1 }\nclass Shape {}", "longName.‸", "");
  const members = await notebook.complete(place(notebook), ".");
  expect(members?.items.map(({ label }) => label)).toEqual(["inner"]);
  const names = await notebook.complete(notebook.edit(2, "lon‸"));
  const labels = names?.items.map(({ label }) => label) ?? [];
  expect(labels).toContain("longName");
  const types = await notebook.complete(notebook.edit(2, "new Sha‸"));
  expect(types?.items.map(({ label }) => label)).toContain("Shape");
  expect(labels.filter((label) => /__tandem|\.tandem|ˑ/.test(label))).toEqual([]);
});

test("completion knows at once what an edit declares, and what it no longer does", async () => {
  const notebook = open("const it = { above: 1 }\nlet other = 0", "it", "");
  const members = async (cell: number, text: string) =>
    (await notebook.complete(notebook.edit(cell, text), "."))?.items.map(({ label }) => label);
  expect(await members(1, "const it = { own: 1 }\nit.‸")).toEqual(["own"]);
  notebook.edit(1, "const it = { own: 1 }");
  expect(await members(2, "it.‸")).toEqual(["own"]);
  expect(await members(1, "it.‸")).toEqual(["above"]);
  expect(await members(2, "it = it.‸")).toEqual(["above"]);
  notebook.edit(0, "const it = { above: 1, more: 2 }");
  expect(await members(2, "it.‸")).toEqual(["above", "more"]);
});

test("completion brings the import of a module's name to the top of the cell", async () => {
  const notebook = open("", "%%parallel x of [1]\nx");
  const list = await notebook.complete(notebook.edit(0, "const n = 1\ntwic‸"));
  const item = list?.items.find(({ label }) => label === "twice");
  if (!item) throw new Error("twice is not offered.");
  const resolved = await notebook.resolve(item);
  expect(notebook.applied(0, resolved.additionalTextEdits ?? [])).toBe(
    'import { twice } from "./lib";\nconst n = 1\ntwic',
  );
});

test("hover shows the type and the documentation, without the names that hold cells together", async () => {
  const notebook = open(
    "/** How many. */\nconst count = 3\nclass Box { v = 1 }",
    "cou‸nt + 1",
    "const bo‸x = new Box()",
  );
  expect(await notebook.hover(place(notebook, 0))).toBe("```typescript\nconst count: 3\n```\nHow many.");
  expect(await notebook.hover(place(notebook, 1))).toBe("```typescript\nconst box: Box\n```\n");
});

test("signature help", async () => {
  const notebook = open("function add(a: number, b: number) { return a + b }", "add(1, ‸)");
  const { cell, ...position } = place(notebook);
  const help = await notebook.ask<SignatureHelp>("signatureHelp", cell, { position });
  expect(help.signatures.map(({ label }) => label)).toEqual(["add(a: number, b: number): number"]);
  expect(help.signatures[0]?.activeParameter ?? help.activeParameter).toBe(1);
});

test.each([
  ["a constant", "const a = 1", "a‸ + 1", 6],
  ["a variable that is assigned", "let v = 1", "v‸ = 2", 4],
  ["a function", "function f() {}", "f‸()", 9],
])("definition: %s of another cell", async (_what, declaration, use, character) => {
  const notebook = open(declaration, use);
  const { cell, ...position } = place(notebook);
  const found = await notebook.ask<LocationLink[]>("definition", cell, { position });
  expect(found.map(({ targetUri, targetSelectionRange }) => [targetUri, targetSelectionRange.start])).toEqual(
    [[notebook.uriOf(0), { line: 0, character }]],
  );
});

test("references and renames go over cells, also where a cell assigns", async () => {
  const notebook = open(
    "let tot‸al = 1",
    "total = 2",
    "const o = { total }\nconsole.log(total)",
    "const total = 5",
  );
  const { cell, ...position } = place(notebook);
  const references = await notebook.ask<Location[]>("references", cell, {
    position,
    context: { includeDeclaration: true },
  });
  const places = references.map(
    ({ uri, range }) => `${uri.slice(-1)} ${range.start.line}:${range.start.character}`,
  );
  expect(places.sort()).toEqual(["0 0:4", "1 0:0", "2 0:12", "2 1:12"]);
  const edit = await notebook.ask<WorkspaceEdit>("rename", cell, { position, newName: "sum" });
  const texts = [0, 1, 2, 3].map((index) =>
    notebook.applied(index, edit.changes?.[notebook.uriOf(index)] ?? []),
  );
  expect(texts).toEqual([
    "let sum = 1",
    "sum = 2",
    "const o = { total: sum }\nconsole.log(sum)",
    "const total = 5",
  ]);
  const fromUse = await notebook.ask<WorkspaceEdit>("rename", 1, {
    position: { line: 0, character: 1 },
    newName: "sum",
  });
  expect(fromUse).toEqual(edit);
});

test("symbols, folds, tokens and selections are those of the cell alone", async () => {
  const notebook = open("const a = 1", "class Box {\n  v = a\n}\nfunction f() {\n  return new Box()\n}");
  const symbols = await notebook.ask<DocumentSymbol[]>("documentSymbol", 1);
  expect(symbols.map(({ name, children }) => [name, children?.map((one) => one.name)])).toEqual([
    ["Box", ["v"]],
    ["f", []],
  ]);
  expect(await notebook.ask("foldingRange", 1)).toMatchObject([
    { startLine: 0, endLine: 1 },
    { startLine: 3, endLine: 4 },
  ]);
  const { data } = await notebook.ask<{ data: number[] }>("semanticTokens/full", 1);
  expect(data.slice(0, 5)).toEqual([0, 6, 3, 2, 1]);
  const lines = data.reduce((sum, value, index) => (index % 5 === 0 ? sum + value : sum), 0);
  expect(lines).toBeLessThan(6);
});

test("quick fixes change the cell: a missing import, a misspelt name", async () => {
  const notebook = open("const greeting = 'hi'", "greetin.length", "twice(2)");
  await notebook.diagnosed(1);
  await notebook.diagnosed(2);
  const titles = (actions: CodeAction[]) => actions.map(({ title }) => title);
  const imports = await notebook.actions({ cell: 2, line: 0, character: 1 });
  expect(titles(imports)).toContain('Add import from "./lib"');
  const fix = imports.find(({ title }) => title === 'Add import from "./lib"');
  expect(notebook.applied(2, fix?.edit?.changes?.[notebook.uriOf(2)] ?? [])).toBe(
    'import { twice } from "./lib";\ntwice(2)',
  );
});

test("JSX and back", async () => {
  const notebook = open("const el = <b>text</b>", "const n: number = 'x'");
  await notebook.diagnosed(1);
  notebook.edit(0, "const el = (1 as number) < 2");
  const position = notebook.edit(1, "e‸l");
  expect(await notebook.hover(position)).toContain("const el: boolean");
});

test("notebooks that are opened together are all checked and know their names, asked about or not", async () => {
  const opened = [1, 2, 3, 4].map((n) =>
    open(`const mine${n} = ${n}`, `const no${n}: string = mine${n}`, ""),
  );
  const [, , third] = opened;
  const names = await third?.complete(third.edit(2, "min‸"));
  expect(names?.items.map(({ label }) => label).filter((label) => /^mine/.test(label))).toEqual(["mine3"]);
  await Promise.all(opened.map((notebook) => notebook.diagnosed(1)));
});

test("a notebook that is closed has no diagnostics", async () => {
  const notebook = open("nowhere");
  await notebook.diagnosed(0);
  notebook.close();
  await client.until(() => client.diagnostics.get(notebook.uriOf(0))?.length === 0 || undefined, "none");
});

test("what is installed or written beside the notebook is known when the editor tells of it", async () => {
  const notebook = open('import { thrice } from "./later.ts"\nthrice(1)', "nowhere");
  await notebook.diagnosed(0);
  writeFileSync(join(folder, "later.ts"), "export const thrice = (n: number) => 3 * n\n");
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: pathToFileURL(join(folder, "later.ts")).href, type: 1 }],
  });
  await client.until(() => client.diagnostics.get(notebook.uriOf(0))?.length === 0 || undefined, "no error");
});

test.runIf(process.platform === "linux")(
  "a compiler that was killed is started again, with all cells",
  async () => {
    const notebook = open("const kept = 7", "ke‸pt", "nowhere");
    await notebook.diagnosed(2);
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(client.process.pid)], {
      encoding: "utf8",
    });
    const [, pid] = /^\s*(\d+) .*--lsp/m.exec(children) ?? [];
    process.kill(Number(pid), "SIGKILL");
    expect(await notebook.hover(place(notebook))).toBe("```typescript\nconst kept: 7\n```\n");
    expect(notebook.edit(1, "kept.trim()")).toBeDefined();
    await notebook.diagnosed(1);
  },
);

test("a folder's own compiler is used from version 7 on, and in trusted folders alone", async () => {
  const own = mkdtempSync(join(tmpdir(), "own-"));
  const platform = `typescript-${process.platform}-${process.arch}`;
  const packages = join(own, "node_modules");
  mkdirSync(join(packages, "typescript"), { recursive: true });
  mkdirSync(join(packages, "@typescript", platform, "lib"), { recursive: true });
  writeFileSync(join(packages, "typescript", "package.json"), '{ "name": "typescript", "version": "7.9.9" }');
  writeFileSync(join(packages, "@typescript", platform, "package.json"), "{}");
  const program = join(
    packages,
    "@typescript",
    platform,
    "lib",
    process.platform === "win32" ? "tsc.exe" : "tsc",
  );
  writeFileSync(program, "");
  try {
    expect(compilerPath(own)).toBe(realpathSync(program));
    expect(compilerPath(undefined)).not.toBe(realpathSync(program));
    rmSync(join(packages, "@typescript"), { recursive: true });
    // One of before version 7 is no server: ours serves.
    expect(compilerPath(own)).toBe(compilerPath(undefined));
  } finally {
    rmSync(own, { recursive: true });
  }
});

test("a use of what a cell below declares is told with its place, but not in a function", async () => {
  const notebook = open("const late = () => lower\nlower + 1", "const lower = 1");
  const found = await notebook.diagnosed(0);
  expect(found).toMatchObject([
    {
      severity: 3,
      range: { start: { line: 1, character: 0 } },
      relatedInformation: [{ location: { uri: notebook.uriOf(1), range: { start: { character: 6 } } } }],
    },
  ]);
});
