import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CompletionItem, InlayHint, Location, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { LanguageClient } from "../../../../test/language-client.ts";
import { hasRust } from "../../../../test/rust-kernel.ts";
import { buildCrates } from "../../../rust/crates.ts";
import { readDependency } from "../../../rust/dependencies.ts";
import { findToolchain } from "../../../rust/toolchain.ts";
import { decodeTokens, semanticTokensLegend } from "../../semantic-tokens.ts";
import { findAnalyzer } from "./find-analyzer.ts";

const hasAnalyzer = (await findAnalyzer(undefined)) !== undefined;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-analyzer-")));
const rust = (text: string) => ({ language: "rust", text: `%%rust\n${text}` });
/** It reads the standard library at its first question. */
const PATIENT = 180_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform === "win32")("finds one that works, and takes no proxy for it", async () => {
  const fake = (name: string, script: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    const file = join(folder, name, "rust-analyzer");
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };
  const works = 'echo "rust-analyzer 1.95.0"';
  const proxy = fake("proxy", "echo 'not installed for the toolchain' >&2; exit 1");
  const brought = fake("brought", works);
  const { PATH, CARGO_HOME } = process.env;
  try {
    process.env.CARGO_HOME = join(folder, "nothing");
    process.env.PATH = dirname(proxy);
    expect(await findAnalyzer(undefined)).toBeUndefined();
    expect(await findAnalyzer(proxy)).toBeUndefined();
    expect(await findAnalyzer(brought)).toBe(brought);
    // The toolchain's own, which rustup knows of.
    const own = fake("own", works);
    writeFileSync(join(folder, "proxy", "rustup"), `#!/bin/sh\necho ${own}\n`, { mode: 0o755 });
    expect(await findAnalyzer(brought)).toBe(own);
    process.env.PATH = dirname(brought);
    expect(await findAnalyzer(undefined)).toBe("rust-analyzer");
  } finally {
    process.env.PATH = PATH;
    if (CARGO_HOME === undefined) delete process.env.CARGO_HOME;
    else process.env.CARGO_HOME = CARGO_HOME;
    for (const name of ["proxy", "brought", "own"]) rmSync(join(folder, name), { recursive: true });
  }
});

describe.skipIf(!hasRust || !hasAnalyzer)("rust-analyzer in %%rust cells", () => {
  const client = new LanguageClient(folder, { TANDEM_CACHE: join(folder, "cache") });
  beforeAll(async () => {
    await client.initialize({});
  });
  afterAll(() => client.close());

  const SHAPES = [
    "/// A point of the plane.",
    "pub struct Point { pub x: f64, pub y: f64 }",
    "impl Point {",
    "    /// From the origin.",
    "    pub fn distance(&self) -> f64 { self.x.hypot(self.y) }",
    "}",
    "pub fn twice(n: u32) -> u32 { 2 * n }",
  ].join("\n");

  it(
    "completes, with what cells above declare, and imports below the magic line",
    async () => {
      const nb = client.open([
        rust(SHAPES),
        "const between = 1;",
        rust("pub fn f(p: &Point) -> f64 {\n    p.‸\n}"),
      ]);
      const other = client.open([rust("pub fn twisted_elsewhere() {}")]);
      const { place } = nb;
      const list = await nb.complete(place, ".");
      expect(await nb.complete(place, "-")).toBeNull();
      expect(await other.hover({ cell: 0, line: 1, character: 9 })).toContain("twisted_elsewhere");
      const items = new Map(list?.items.map((item) => [item.label.replace(/\(.*$/, ""), item]));
      expect([...items.keys()]).toEqual(expect.arrayContaining(["x", "y", "distance"]));
      const distance = await nb.resolve(items.get("distance") as CompletionItem);
      expect(JSON.stringify(distance.documentation)).toContain("From the origin.");
      // This client takes no snippets.
      expect(list?.items.every(({ insertTextFormat }) => insertTextFormat !== 2)).toBe(true);

      const at = nb.edit(2, "%%rust\npub fn g() -> usize {\n    HashM‸\n}");
      const imported = (await nb.complete(at))?.items.find(({ label }) => /^HashMap\b/.test(label));
      const resolved = await nb.resolve(imported as CompletionItem);
      expect(nb.applied(2, resolved.additionalTextEdits ?? [])).toMatch(
        /^%%rust\nuse std::collections::HashMap;\n+pub fn g/,
      );
      const names = nb.edit(2, "%%rust\npub fn h() -> u32 {\n    twi‸\n}");
      const labels = (await nb.complete(names))?.items.map(({ label }) => label) ?? [];
      expect(labels.some((label) => label.startsWith("twice"))).toBe(true);
      // Neither the mirror's own names nor those of another notebook.
      expect(labels.filter((label) => /tandem_above|cell_\d|elsewhere/.test(label))).toEqual([]);
      other.close();
      nb.close();
    },
    PATIENT,
  );

  it(
    "shows, leads to cells and to the standard library, and renames over cells",
    async () => {
      const nb = client.open([
        rust(SHAPES),
        rust("pub fn f(p: &Point) -> f64 { p.distance() + twice(3) as f64 }"),
        rust("pub fn v(x: Vec<f64>) -> usize { x.len() }\nuse tandem::progress;"),
      ]);
      const place = (cell: number, line: number, name: string) => ({
        cell,
        line,
        character: (nb.textOf(cell).split("\n")[line] ?? "").indexOf(name) + 1,
      });
      const [point, distance, twice] = [place(1, 1, "Point"), place(1, 1, "distance"), place(1, 1, "twice")];
      const [len, progress] = [place(2, 1, "len"), place(2, 2, "progress")];
      const hover = await nb.hover(distance);
      expect(hover).toContain("pub fn distance(&self) -> f64");
      expect(hover).toContain("From the origin.");
      expect(hover).not.toMatch(/cell_\d/);
      const definition = async ({ cell, ...position }: typeof point) =>
        await nb.ask<Location[]>("definition", cell, { position });
      expect(await definition(point)).toEqual([
        { uri: nb.uriOf(0), range: { start: { line: 2, character: 11 }, end: { line: 2, character: 16 } } },
      ]);
      expect((await definition(len))[0]?.uri).toMatch(/^file:.*\/vec\/mod\.rs$/);
      const [inTandem] = await definition(progress);
      expect(readFileSync(fileURLToPath(inTandem?.uri ?? ""), "utf8")).toContain("pub fn progress");
      const { cell, ...position } = twice;
      const context = { includeDeclaration: true };
      const references = await nb.ask<Location[]>("references", cell, { position, context });
      expect(references.map(({ uri }) => uri).sort()).toEqual([nb.uriOf(0), nb.uriOf(1)].sort());
      const prepared = await nb.ask<{ placeholder: string }>("prepareRename", cell, { position });
      expect(prepared.placeholder).toBe("twice");
      const { changes = {} } = await nb.ask<WorkspaceEdit>("rename", cell, { position, newName: "double" });
      expect(nb.applied(0, changes[nb.uriOf(0)] ?? [])).toContain("pub fn double(n: u32)");
      expect(nb.applied(1, changes[nb.uriOf(1)] ?? [])).toContain("double(3)");
      expect(Object.keys(changes)).toHaveLength(2);
      const outside = nb.ask("rename", len.cell, {
        position: { line: len.line, character: len.character },
        newName: "length",
      });
      await expect(outside).rejects.toThrow();
      nb.close();
    },
    PATIENT,
  );

  it(
    "has signatures, hints, colours, folds, an outline and refactorings, all within the cell",
    async () => {
      const nb = client.open([
        rust(SHAPES),
        rust("pub fn f() -> u32 {\n    let n = twice(‸3);\n    n\n}\npub fn broken( {\n"),
      ]);
      const { place } = nb;
      const { cell, ...position } = place;
      const help = await nb.ask<{ signatures: { label: string }[] }>("signatureHelp", cell, { position });
      expect(help.signatures[0]?.label).toContain("n: u32");
      const range = { start: { line: 0, character: 0 }, end: { line: 6, character: 0 } };
      const hints = await nb.ask<InlayHint[]>("inlayHint", 1, { range });
      expect(hints.map(({ position: { line }, label }) => [line, label])).toContainEqual([2, ": u32"]);
      const { data } = await nb.ask<{ data: number[] }>("semanticTokens/full", 1);
      const tokens = decodeTokens(data, semanticTokensLegend);
      const of = (text: string) => {
        const lines = nb.textOf(1).split("\n");
        const found = tokens.find(
          ({ line, character, length }) => lines[line]?.slice(character, character + length) === text,
        );
        return found && semanticTokensLegend.tokenTypes[found.type];
      };
      expect([of("twice"), of("f"), of("n")]).toEqual(["function", "function", "variable"]);
      expect(Math.max(...tokens.map(({ line }) => line))).toBeLessThan(7);
      // syn reads none of this cell.
      const symbols = await nb.ask<{ name: string }[]>("documentSymbol", 1);
      expect(symbols.map(({ name }) => name)).toContain("f");
      expect(symbols.map(({ name }) => name).join()).not.toContain("tandem_above");
      expect(await nb.ask("foldingRange", 1)).toContainEqual(
        expect.objectContaining({ startLine: 1, endLine: 4 }),
      );
      const actions = await nb.actions({ cell: 1, line: 2, character: 8 });
      const inline = actions.find(({ title }) => title === "Inline variable");
      expect(nb.applied(1, (inline?.edit?.changes?.[nb.uriOf(1)] ?? []) as TextEdit[])).toContain(
        "pub fn f() -> u32 {\n    twice(3)\n}",
      );
      nb.close();
    },
    PATIENT,
  );

  it(
    "sees crates once they are built",
    async () => {
      const crate = join(folder, "mine");
      mkdirSync(join(crate, "src"), { recursive: true });
      writeFileSync(
        join(crate, "Cargo.toml"),
        '[package]\nname = "mine"\nversion = "0.1.0"\nedition = "2021"\n',
      );
      writeFileSync(join(crate, "src", "lib.rs"), "/// Of this crate.\npub fn helper(n: u8) -> u8 { n }\n");
      const cell = '%%rust\n:dep mine = { path = "./mine" }\npub fn f() -> u8 { mine::hel‸per(1) }';
      const nb = client.open([cell]);
      const { place } = nb;
      expect(await nb.diagnosed(0)).toMatchObject([{ severity: 3, source: "tandem" }]);
      expect((await nb.hover(place)) ?? "").not.toContain("Of this crate.");
      // As a run of the cell does.
      process.env.TANDEM_CACHE = join(folder, "cache");
      const dependencies = [readDependency('mine = { path = "./mine" }', folder)];
      const { signal } = new AbortController();
      await buildCrates({ dependencies, say() {} }, await findToolchain(), signal);
      delete process.env.TANDEM_CACHE;
      nb.edit(0, nb.textOf(0).replace("(1)", "(1u16)"));
      expect(await nb.diagnosed(0, ({ code }) => code === "E0308")).toHaveLength(1);
      expect(await nb.hover(place)).toContain("Of this crate.");
      nb.close();
      rmSync(crate, { recursive: true });
    },
    PATIENT,
  );

  it(
    "follows edits, new cells and what is declared twice, and lives on when it dies",
    async () => {
      const nb = client.open([rust("pub fn a() -> u8 { 1 }"), rust("pub fn b() -> u8 { ‸a() }")]);
      const { place } = nb;
      expect(await nb.hover(place)).toContain("fn a() -> u8");
      nb.edit(0, "%%rust\npub fn a() -> u64 { 1 }");
      expect(await nb.hover(place)).toContain("fn a() -> u64");
      nb.insert(1, rust("pub fn a() -> bool { true }"));
      expect(await nb.hover({ ...place, cell: 2 })).toContain("fn a() -> bool");
      nb.remove(1);
      expect(await nb.hover(place)).toContain("fn a() -> u64");

      const own = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(client.process.pid)], {
        encoding: "utf8",
      });
      const pid = Number(/(\d+) rust-analyzer/.exec(own)?.[1]);
      process.kill(pid, "SIGKILL");
      await client.until(() => {
        try {
          process.kill(pid, 0);
          return undefined;
        } catch {
          return true;
        }
      }, "the end of rust-analyzer");
      expect(await nb.hover(place)).toContain("fn a() -> u64");
      // Nothing of it is in the notebook's folder.
      expect(readdirSync(folder)).toEqual(["cache"]);
      expect(existsSync(join(folder, "cache", "editor"))).toBe(true);
      nb.close();
    },
    PATIENT,
  );
});
