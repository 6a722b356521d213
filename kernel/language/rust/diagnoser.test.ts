import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import { LanguageClient, type LanguageClientOptions } from "../../../test/language-client.ts";
import { hasRust } from "../../../test/rust-kernel.ts";
import { findToolchain } from "../../rust/toolchain.ts";

const folder = mkdtempSync(join(tmpdir(), "tandem-rust-cells-"));
const env = { TANDEM_CACHE: join(folder, "cache") };
const rust = (text: string) => ({ language: "rust", text: `%%rust\n${text}` });

async function start(options: LanguageClientOptions = {}): Promise<LanguageClient> {
  const client = new LanguageClient(folder, { ...env, ...options.env });
  await client.initialize(options);
  return client;
}

/** The edit of a quick fix, made. */
const coded = (code: string) => (one: Diagnostic) => one.code === code;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasRust)("diagnostics of %%rust cells in the editor", () => {
  let client: LanguageClient;
  beforeAll(async () => {
    client = await start();
  });
  afterAll(() => client.close());

  it("tells place, code, explanation and related places, and mends", async () => {
    const nb = client.open([
      rust('pub fn f(v: Vec<f64>) -> usize {\n    drop(v);\n    let _s = "🦀é"; v.len()\n}'),
    ]);
    const [found] = await nb.diagnosed(0, coded("E0382"));
    expect(found).toMatchObject({
      range: { start: { line: 3, character: 20 }, end: { line: 3, character: 21 } },
      severity: DiagnosticSeverity.Error,
      source: "rustc",
      codeDescription: { href: "https://doc.rust-lang.org/error_codes/E0382.html" },
    });
    expect(found?.message).toContain("borrow of moved value");
    const related = found?.relatedInformation?.map(({ location }) => location) ?? [];
    expect(related.every(({ uri }) => uri === nb.uriOf(0))).toBe(true);
    expect(related.map(({ range }) => range.start.line)).toContain(2);
    const actions = await nb.actions({ cell: 0, line: 3, character: 20 });
    const clone = actions.find(({ title }) => title.includes("clon"));
    expect(clone).toMatchObject({ kind: "quickfix", isPreferred: true, diagnostics: [{ code: "E0382" }] });
    const mended = nb.applied(0, clone?.edit?.changes?.[nb.uriOf(0)] ?? []);
    expect(mended).toContain("drop(v.clone());");
    nb.edit(0, mended);
    await client.until(
      () => client.diagnostics.get(nb.uriOf(0))?.length === 0 || undefined,
      "no diagnostics",
    );
    nb.close();
  });

  it("tags what is unused or deprecated, and offers each alternative by itself below the magic line", async () => {
    const nb = client.open([
      rust("#[deprecated] fn old() {}\npub fn g() { old(); let unused = 1; }\nfn never() {}"),
      rust("pub fn h() -> usize { HashMap::<u8, u8>::new().len() }"),
    ]);
    const warned = await nb.diagnosed(0, coded("dead_code"));
    const tags = Object.fromEntries(warned.map(({ code, tags }) => [code, tags]));
    expect(tags).toEqual({
      deprecated: [DiagnosticTag.Deprecated],
      unused_variables: [DiagnosticTag.Unnecessary],
      dead_code: [DiagnosticTag.Unnecessary],
    });
    const [error] = await nb.diagnosed(1, coded("E0433"));
    expect(error?.message).not.toContain("#[");
    const actions = await nb.actions({ cell: 1, ...(error?.range.start ?? { line: 1, character: 22 }) });
    const imports = actions.filter(({ title }) => title.includes("std::collections::HashMap"));
    expect(imports).toHaveLength(1);
    const text = nb.applied(1, imports[0]?.edit?.changes?.[nb.uriOf(1)] ?? []);
    expect(text).toMatch(/^%%rust\nuse std::collections::HashMap;\n/);
    nb.close();
  });

  it("offers an unknown crate for the magic line", async () => {
    const nb = client.open([rust("use serde::Serialize;\npub fn f() {}")]);
    const [error] = await nb.diagnosed(0, coded("E0432"));
    const actions = await nb.actions({ cell: 0, ...(error?.range.start ?? { line: 1, character: 4 }) });
    const add = actions.find(({ title }) => title.includes("--dep serde"));
    expect(nb.applied(0, add?.edit?.changes?.[nb.uriOf(0)] ?? [])).toMatch(/^%%rust --dep serde\nuse serde/);
    nb.edit(0, nb.applied(0, add?.edit?.changes?.[nb.uriOf(0)] ?? []));
    // Nothing is fetched while somebody types.
    const [unbuilt] = await nb.diagnosed(0, ({ severity }) => severity === DiagnosticSeverity.Information);
    expect(unbuilt).toMatchObject({ range: { start: { line: 0, character: 0 } } });
    expect(unbuilt?.message).toContain("serde");
    nb.close();
  });

  it("knows the cells above, names their places, and checks anew what uses them", async () => {
    const nb = client.open([
      rust("pub struct Point { pub x: f64 }\npub fn é(p: &Point, n: u32) -> f64 { p.x * n as f64 }"),
      "const between = 1;",
      rust("pub fn g(p: &Point) -> f64 { é(p) }"),
    ]);
    const [wrong] = await nb.diagnosed(2, coded("E0061"));
    expect(wrong?.range.start).toEqual({ line: 1, character: 29 });
    expect(wrong?.relatedInformation).toContainEqual({
      location: {
        uri: nb.uriOf(0),
        range: { start: { line: 2, character: 7 }, end: { line: 2, character: 8 } },
      },
      message: "function defined here",
    });
    nb.edit(0, "%%rust\npub struct Point { pub x: f64 }\npub fn é(p: &Point) -> f64 { p.x }");
    await client.until(
      () => client.diagnostics.get(nb.uriOf(2))?.length === 0 || undefined,
      "no diagnostics",
    );
    nb.edit(0, "%%rust\npub struct Point { pub y: f64 }\npub fn é(p: &Point) -> f64 { p.x }");
    expect(await nb.diagnosed(0, coded("E0609"))).toHaveLength(1);
    nb.edit(2, "%%rust\npub fn g(p: &Point) -> f64 { é(p) + p.y }");
    // The one above does not compile: it is what it was.
    expect(await nb.diagnosed(2, coded("E0609"))).toHaveLength(1);
    nb.edit(0, "%%rust\npub struct Point { pub x: f64, pub y: f64 }\npub fn é(p: &Point) -> f64 { p.x }");
    await client.until(
      () => client.diagnostics.get(nb.uriOf(2))?.length === 0 || undefined,
      "no diagnostics",
    );
    nb.close();
  });

  it("waits for a cell above that never compiled, and says so", async () => {
    const nb = client.open([rust("pub fn one() -> u8 { 300u16 }"), rust("pub fn two() -> u8 { one() }")]);
    expect(await nb.diagnosed(0, coded("E0308"))).toHaveLength(1);
    const [waits] = await nb.diagnosed(1);
    expect(waits).toMatchObject({
      severity: DiagnosticSeverity.Information,
      relatedInformation: [{ location: { uri: nb.uriOf(0) } }],
    });
    nb.edit(0, "%%rust\npub fn one() -> u8 {");
    expect((await nb.diagnosed(1, ({ severity }) => severity === 3)).length).toBe(1);
    nb.edit(0, "%%rust\npub fn one() -> u8 { 1 }");
    await client.until(
      () => client.diagnostics.get(nb.uriOf(1))?.length === 0 || undefined,
      "no diagnostics",
    );
    nb.close();
  });

  it("takes a refusal that is expected for none, and says where it does not come", async () => {
    const nb = client.open([
      rust("pub fn f() -> u8 { 300u16 }").text.replace("%%rust", "%%rust --expect E0308"),
      "%%rust --expect E0382\npub fn g() -> u8 { 1 }",
      rust(
        "pub fn k() {}\npub fn shared(_x: &std::rc::Rc<u8>) {}\npub fn out() -> u8 { let a = [1, 2]; a[7] }",
      ),
    ]);
    const [expected] = await nb.diagnosed(0);
    expect(expected).toMatchObject({ severity: DiagnosticSeverity.Information, code: "E0308" });
    const [missing] = await nb.diagnosed(1);
    expect(missing).toMatchObject({ severity: DiagnosticSeverity.Error, range: { start: { line: 0 } } });
    const found = await nb.diagnosed(2, coded("unconditional_panic"));
    expect(found.map(({ source }) => source).sort()).toEqual(["rustc", "tandem"]);
    nb.close();
  });
});

describe("%%rust cells where no compiler may run", () => {
  it("says what syn says in an untrusted workspace, starts no process, and asks rustc once it is trusted", async () => {
    const bin = join(folder, "bin");
    const started = join(folder, "started");
    mkdirSync(bin, { recursive: true });
    for (const name of ["rustc", "cargo", "rustfmt", "rust-analyzer", "rustup"])
      writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >> ${started}\nexit 1\n`, { mode: 0o755 });
    const env = {
      PATH: bin,
      CARGO_HOME: join(folder, "nothing"),
      HOME: folder,
      RUSTC: join(bin, "rustc"),
      TANDEM_CACHE: join(folder, "other-cache"),
    };
    const client = await start({ trusted: false, env });
    try {
      const nb = client.open([
        rust("pub fn f() {\n    let x = ;\n}"),
        rust("pub fn g(_x: std::rc::Rc<u8>) {}"),
        rust("pub fn fine() -> u8 { 300u16 }\npub struct S {\n    pub x: f64,\n}"),
      ]);
      expect(await nb.diagnosed(0)).toMatchObject([
        { message: "expected an expression", range: { start: { line: 2, character: 12 } } },
      ]);
      expect(await nb.diagnosed(1)).toMatchObject([{ source: "tandem", range: { start: { line: 1 } } }]);
      const symbols = await nb.ask<{ name: string; children: { name: string }[] }[]>("documentSymbol", 2);
      expect(symbols.map(({ name, children }) => [name, children.length])).toEqual([
        ["fine", 0],
        ["S", 1],
      ]);
      expect(await nb.ask("foldingRange", 2)).toEqual([{ startLine: 2, endLine: 4 }]);
      const options = { options: { tabSize: 4, insertSpaces: true } };
      expect(await nb.ask("formatting", 2, options)).toEqual([]);
      await nb.ask("hover", 2, { position: { line: 1, character: 8 } });
      expect(existsSync(started)).toBe(false);
      expect(client.diagnostics.get(nb.uriOf(2)) ?? []).toEqual([]);
      expect(existsSync(join(folder, "other-cache", "editor"))).toBe(false);

      // Without a Rust that works, one information names what installs it.
      await client.connection.sendNotification("tandem/trusted");
      const missing = await nb.diagnosed(0, ({ severity }) => severity === DiagnosticSeverity.Information);
      expect(missing).toHaveLength(2);
      expect(missing[0]?.message).toContain("sh.rustup.rs");
      expect(missing[0]?.range).toEqual({ start: { line: 0, character: 0 }, end: { line: 0, character: 6 } });
      expect(existsSync(started)).toBe(true);
      expect(client.diagnostics.get(nb.uriOf(1))).toHaveLength(1);
      expect(client.diagnostics.get(nb.uriOf(2)) ?? []).toEqual([]);
    } finally {
      await client.close();
    }
  });

  it.skipIf(!hasRust)("names what installs rust-analyzer, where somebody asks for what it does", async () => {
    const bin = join(folder, "proxies");
    mkdirSync(bin, { recursive: true });
    for (const name of ["rust-analyzer", "rustup"])
      writeFileSync(join(bin, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { rustc } = await findToolchain();
    const env = { PATH: bin, CARGO_HOME: join(folder, "nothing"), RUSTC: rustc };
    const client = await start({ env });
    const logged: string[] = [];
    client.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      logged.push(message);
    });
    try {
      const nb = client.open([rust("pub fn f() -> u8 { 300u16 }")]);
      // `u8`: what the cell shares with other cells is renamed without rust-analyzer.
      const position = { line: 1, character: 15 };
      expect(await nb.hover({ cell: 0, ...position })).toBeUndefined();
      expect(await nb.complete({ cell: 0, ...position })).toBeNull();
      await expect(nb.ask("prepareRename", 0, { position })).rejects.toThrow(
        "rustup component add rust-analyzer",
      );
      expect(await nb.ask("documentSymbol", 0)).toMatchObject([{ name: "f" }]);
      expect(logged.filter((text) => text.includes("rust-analyzer"))).toHaveLength(1);
      expect(await nb.diagnosed(0, coded("E0308"))).toHaveLength(1);
    } finally {
      await client.close();
    }
  });

  it.skipIf(!hasRust)("formats below the magic line, with :dep lines where they were", async () => {
    const client = await start();
    try {
      const nb = client.open([
        rust(':dep itoa = "1"\nuse   std::fmt;\npub fn f( )->u8{1}'),
        rust("not rust"),
      ]);
      const options = { options: { tabSize: 4, insertSpaces: true } };
      const edits = await nb.ask<[]>("formatting", 0, options);
      expect(nb.applied(0, edits)).toBe(
        '%%rust\n:dep itoa = "1"\nuse std::fmt;\npub fn f() -> u8 {\n    1\n}',
      );
      expect(await nb.ask("formatting", 1, options)).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith("rustfmt"))).toEqual([]);
    } finally {
      await client.close();
    }
  });
});
