import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { TextEdit } from "vscode-languageserver";
import { type CellSource, type LanguageClient, withLanguages } from "../../../test/language-client.ts";
import { until } from "../../../test/until.ts";
import { isAlive } from "../../is-alive.ts";
import { FormatterSyntaxError, PrettierProcess } from "./prettier.ts";

const modules = join(import.meta.dirname, "../../../node_modules");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, and of the project's packages those that are named. */
function makeFolder(files: Readonly<Record<string, string>>, packages: readonly string[] = []): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-format-")));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const name of packages) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(modules, name), join(folder, "node_modules", name), "dir");
  }
  return folder;
}

const options = { tabSize: 2, insertSpaces: true };

/** A cell as formatting leaves it. */
async function format(
  client: LanguageClient,
  source: CellSource,
  range?: TextEdit["range"],
): Promise<string> {
  const notebook = client.open([source]);
  const method = range ? "rangeFormatting" : "formatting";
  const edits = await notebook.ask<TextEdit[] | null>(method, 0, { options, ...(range && { range }) });
  const text = edits ? notebook.applied(0, edits) : notebook.textOf(0);
  return text;
}

const withFolder = (folder: string, body: (client: LanguageClient) => Promise<void>, trusted = true) =>
  withLanguages({ folder, trusted }, body);

describe("the folder's Prettier", () => {
  test("formats what is TypeScript in a cell", async () => {
    const folder = makeFolder(
      {
        ".prettierrc":
          '{ "singleQuote": true, "overrides": [{ "files": "*.ts", "options": { "semi": false } }] }',
        ".editorconfig": "root = true\n[*.ts]\nindent_style = tab\n",
      },
      ["prettier"],
    );
    await withFolder(folder, async (client) => {
      expect(await format(client, 'const a = {b:"c"};\nif(a) { f(a) }')).toBe(
        "const a = { b: 'c' }\nif (a) {\n\tf(a)\n}",
      );
      expect(await format(client, "%%parallel  -n 4 x of rows\nif(!x) return 1\nx*2;")).toBe(
        "%%parallel  -n 4 x of rows\nif (!x) return 1\nx * 2",
      );
      expect(await format(client, "%%bench\nleft:f( 1 )\nboth: {f(1)}\nsort: %sh  sort a|head")).toBe(
        "%%bench\nleft: f(1)\nboth: {\n\tf(1)\n}\nsort: %sh  sort a|head",
      );
      expect(await format(client, "const a=b\n%time  f( a )\n[c].map( f )\n\n!git   status")).toBe(
        "const a = b\n%time  f( a )\n;[c].map(f)\n\n!git   status",
      );
      expect(await format(client, "const e = <b  id='x' >{ a }</b>")).toBe('const e = <b id="x">{a}</b>');
      expect(await format(client, "await f(  )\n{ a:1,b:2 }")).toBe("await f()\n{ a: 1, b: 2 }");
      const rust = { language: "rust", text: "%%writefile a.rs\nfn  f(){}" };
      expect(await format(client, rust)).toBe(rust.text);
    });
  });

  test("formats a range, and nothing where the syntax is wrong", async () => {
    const folder = makeFolder({ ".prettierrc": "{}" }, ["prettier"]);
    await withFolder(folder, async (client) => {
      const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
      expect(await format(client, "a=1\nb=2\nc=3", range)).toBe("a=1\nb = 2;\nc=3");
      expect(await format(client, "const a = (\nb  =1")).toBe("const a = (\nb  =1");
      // The settings may change at any time.
      writeFileSync(join(folder, ".prettierrc"), '{ "semi": false }');
      expect(await format(client, "a=1")).toBe("a = 1");
      writeFileSync(join(folder, ".prettierignore"), "cell.ts\n");
      expect(await format(client, "a=1")).toBe("a=1");
    });
  });

  test("does it where it is a dependency, and not where it merely is there", async () => {
    const manifest = (name: string) => ({ "package.json": `{ "devDependencies": { "${name}": "*" } }` });
    await withFolder(makeFolder(manifest("prettier"), ["prettier"]), async (client) => {
      expect(await format(client, "a  = 'b'")).toBe('a = "b";');
    });
    await withFolder(makeFolder(manifest("other"), ["prettier"]), async (client) => {
      expect(await format(client, "a  = 'b'")).toBe("a = 'b'");
    });
  });

  test("changes nothing where a plugin moves code across magic lines", async () => {
    const plugin = [
      "const ts = await import('prettier/plugins/typescript');",
      "const sorted = (text) => text.split('\\n').sort((a, b) => b.startsWith('import') - a.startsWith('import')).join('\\n');",
      "const parser = { ...ts.default.parsers.typescript, preprocess: sorted };",
      "export const parsers = { typescript: parser };",
    ].join("\n");
    const files = { ".prettierrc": '{ "plugins": ["./plugin.mjs"] }', "plugin.mjs": plugin };
    await withFolder(makeFolder(files, ["prettier"]), async (client) => {
      const cell = "%npm install a\nimport a  from 'a'";
      expect(await format(client, cell)).toBe(cell);
      expect(await format(client, "f()\nimport a  from 'a'")).toBe('import a from "a";\nf();');
    });
  });
});

test("what hangs or ends is told, and the next cell is formatted", async () => {
  const config = (body: string) =>
    makeFolder({ "prettier.config.mjs": `${body}\nexport default { semi: false };` }, ["prettier"]);
  const program = join(process.env.TANDEM_TEST_BUNDLES ?? "", "formatter.cjs");
  const ask = (prettier: PrettierProcess, folder: string, text: string) => {
    const entry = join(modules, "prettier", "index.cjs");
    return prettier.format({ entry, text, file: join(folder, "cell.ts"), jsx: false, always: true });
  };
  const hung = config("for (;;) {}");
  const first = new PrettierProcess(hung, program, 3000);
  await expect(ask(first, hung, "a")).rejects.toThrow("did not format the cell within 3 s and was ended");
  writeFileSync(join(hung, "prettier.config.mjs"), "export default { semi: false };");
  const second = new PrettierProcess(hung, program);
  expect(await ask(second, hung, "a  = 1")).toBe("a = 1\n");
  await expect(ask(second, hung, "a  = ")).rejects.toThrow(FormatterSyntaxError);
  second.close();
  const gone = config("process.exit(3);");
  const third = new PrettierProcess(gone, program);
  await expect(ask(third, gone, "a")).rejects.toThrow(/could not format the cell.*ended/s);
  third.close();
});

test("the server's death ends what it had started, even what hangs", async () => {
  const hangs =
    "import { writeFileSync } from 'node:fs';\nwriteFileSync('started', String(process.pid));\nfor (;;) {}";
  const folder = makeFolder({ "prettier.config.mjs": hangs }, ["prettier"]);
  const started = join(folder, "started");
  await withFolder(folder, async (client) => {
    void client
      .open(["a"])
      .ask("formatting", 0, { options })
      .catch(() => {});
    await until(() => existsSync(started) && readFileSync(started, "utf8") !== "");
    client.process.kill("SIGKILL");
  });
  const pid = Number(readFileSync(started, "utf8"));
  await until(() => !isAlive(pid));
});

describe("the folder's Biome", () => {
  test("formats, by its own settings", async () => {
    const settings = {
      formatter: { indentStyle: "space", indentWidth: 3 },
      javascript: { formatter: { quoteStyle: "single", semicolons: "asNeeded" } },
    };
    const folder = makeFolder({ "biome.jsonc": `// Ours\n${JSON.stringify(settings)}` }, ["@biomejs/biome"]);
    await withFolder(folder, async (client) => {
      expect(await format(client, '%%parallel x of y\nif(x) { return b }\n%time  f( )\nx;f( "a" )')).toBe(
        "%%parallel x of y\nif (x) {\n   return b\n}\n%time  f( )\nx\nf('a')",
      );
      expect(await format(client, "const e = <b  id='x' >{ a }</b>;")).toBe('const e = <b id="x">{a}</b>');
      expect(await format(client, "const a = (")).toBe("const a = (");
    });
  });

  test("comes before a Prettier that nothing configures, unless its formatter is off", async () => {
    const files = { "package.json": '{ "devDependencies": { "prettier": "*" } }' };
    const packages = ["@biomejs/biome", "prettier"];
    const on = { ...files, "biome.json": '{ "formatter": { "lineWidth": 20 } }' };
    await withFolder(makeFolder(on, packages), async (client) => {
      expect(await format(client, "first(1, 2);second(1, 2)")).toBe("first(1, 2);\nsecond(1, 2);");
      expect(await format(client, "call(first, second, third)")).toBe(
        "call(\n\tfirst,\n\tsecond,\n\tthird,\n);",
      );
    });
    const off = { ...files, "biome.json": '{ "formatter": { "enabled": false, "lineWidth": 20 } }' };
    await withFolder(makeFolder(off, packages), async (client) => {
      expect(await format(client, "call(first,second, third)")).toBe("call(first, second, third);");
    });
  });
});

describe("TypeScript's own formatter", () => {
  test("formats where the folder has no other, cells of functions and JSX too", async () => {
    await withFolder(makeFolder({}), async (client) => {
      expect(await format(client, "const a={b:1}\nif(a){\nf( a )\n}")).toBe(
        "const a = { b: 1 }\nif (a) {\n  f(a)\n}",
      );
      expect(await format(client, "%%parallel  x of [1,2]\nif(x){\nreturn x\n}\n%time  f( )\nx*2")).toBe(
        "%%parallel  x of [1,2]\nif (x) {\n  return x\n}\n%time  f( )\nx * 2",
      );
      expect(await format(client, "%%javascript  --out b\nvar a=1\na")).toBe(
        "%%javascript  --out b\nvar a = 1\na",
      );
      expect(await format(client, "const e=<b>{  a}</b>")).toBe("const e = <b>{a}</b>");
      expect(await format(client, "const a=(\nb  =1")).toBe("const a=(\nb  =1");
    });
  });

  test("is all there is in a folder that is not trusted: nothing of the folder runs", async () => {
    const ran =
      "import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('ran', import.meta.url), '');";
    const files = {
      "prettier.config.mjs": `${ran}\nexport default { semi: true };`,
      "biome.json": "{}",
      "package.json": '{ "devDependencies": { "prettier": "*" } }',
    };
    const folder = makeFolder(files, ["prettier", "@biomejs/biome"]);
    await withFolder(
      folder,
      async (client) => {
        expect(await format(client, "a='b'")).toBe("a = 'b'");
        expect(existsSync(join(folder, "ran"))).toBe(false);
        await client.connection.sendNotification("tandem/trusted");
        expect(await format(client, "a='b'")).toBe('a = "b";');
        expect(existsSync(join(folder, "ran"))).toBe(true);
      },
      false,
    );
  });

  test("stands in for a formatter that is configured and not installed, which is said once", async () => {
    await withFolder(makeFolder({ ".prettierrc": "{}" }), async (client) => {
      const said: string[] = [];
      client.connection.onNotification("window/showMessage", ({ message }) => void said.push(message));
      expect(await format(client, "a='b'")).toBe("a = 'b'");
      expect(await format(client, "a='c'")).toBe("a = 'c'");
      expect(said).toEqual([expect.stringContaining("npm install --save-dev prettier")]);
    });
  });
});
