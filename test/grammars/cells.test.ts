import { beforeAll, describe, expect, test } from "vitest";
import { lineMagics } from "../../kernel/cells/line-magics.ts";
import { lineOptionsOf, optionsOf } from "../../kernel/cells/magic-line.ts";
import { magics } from "../../kernel/cells/magics.ts";
import { makeTokenizer, type Token, type Tokenize } from "./tokenize.ts";

let tokenize: Tokenize;
beforeAll(async () => {
  tokenize = await makeTokenizer();
});

/** The scopes of the token that begins with this text (the `nth`, from 0), in one string. */
function scopesOf(tokens: readonly Token[], text: string, nth = 0): string {
  const found = tokens.filter((token) => token.text.trim().startsWith(text))[nth];
  if (!found) throw new Error(`No token begins with ${text}: ${tokens.map((one) => one.text).join("|")}`);
  return found.scopes.slice(1).join(" ");
}

describe("embedded languages", () => {
  test.each([
    ["%%rust --debug", "pub fn f() {}", "fn", "source.rust", "keyword.other.fn.rust"],
    ["%%python --out n", "def f(): pass", "def", "source.python", "storage.type.function.python"],
    ["%%sh", "echo $HOME", "echo", "source.shell", "support.function.builtin.shell"],
    ["%%html", "<em>x</em>", "em", "text.html.derivative", "entity.name.tag.html"],
    ["%%svg", "<circle r='1'/>", "circle", "text.xml", "entity.name.tag.localname.xml"],
    ["%%markdown", "**bold**", "bold", "text.html.markdown", "markup.bold.markdown"],
    ["%%javascript", "var a = 1", "var", "source.js", "storage.type.js"],
    ["%%writefile -a greet.ts", "const a: T = <T>b", "const", "source.ts", "storage.type.ts"],
    ['%%writefile "a b.rs"', "fn f() {}", "fn", "source.rust", "keyword.other.fn.rust"],
    ["%%writefile data.json", '{ "a": true }', "true", "source.json", "constant.language.json"],
  ])("%s: %s", async (head, body, word, language, scope) => {
    const tokens = await tokenize(`${head}\n${body}\n\n${body}`);
    expect(scopesOf(tokens, "%%")).toContain("keyword.control.magic");
    for (const nth of [0, 1]) {
      expect(
        scopesOf(
          tokens.filter(({ line }) => line > 0),
          word,
          nth,
        ),
      ).toMatch(new RegExp(`^${language}.* ${scope.replaceAll(".", "\\.")}`));
    }
  });

  test("a file of no known ending is plain text", async () => {
    const tokens = await tokenize("%%writefile notes\nconst no = code");
    expect(scopesOf(tokens, "const")).toBe("text.plain");
  });

  test("a crate of a Rust cell is none of Rust's", async () => {
    const tokens = await tokenize('%%rust\n:dep rayon = "1"\nuse rayon::prelude::*;');
    expect(scopesOf(tokens, ":dep")).toContain("keyword.control.magic");
    expect(scopesOf(tokens, "use")).toContain("keyword.other.rust");
  });
});

describe("TypeScript", () => {
  test("the same magic line in a template or behind the first line is no magic", async () => {
    const tokens = await tokenize("const s = `\n%%rust\n%time f()\n!git status\n`\nconst t = 1");
    for (const text of ["%%rust", "%time", "!git"])
      expect(scopesOf(tokens, text)).toBe("meta.var.expr.tsx string.template.tsx");
    expect(scopesOf(tokens, "const", 1)).toContain("storage.type.tsx");
    expect(scopesOf(await tokenize("a\n%%rust\nfn f() {}"), "fn")).not.toContain("rust");
  });

  test("JSX", async () => {
    const tokens = await tokenize("const e = <Box a={1}>hi {name}</Box>\nlet n = 1");
    expect(scopesOf(tokens, "Box")).toContain("support.class.component.tsx");
    expect(scopesOf(tokens, "hi")).toContain("meta.jsx.children.tsx");
    expect(scopesOf(tokens, "name")).toContain("variable.other.readwrite.tsx");
    expect(scopesOf(tokens, "let")).not.toContain("meta.jsx");
  });

  test.each([
    "const f = <T>(x: T) => x",
    "const f = <T, U>(x: T, y: (u: U) => T): T => y(x)",
    "const f = async <T>(x: T) => x",
    "const f = <T extends string>(x: T) => x",
    "const f = <T,>(x: T) => x",
    "const f = <T>(\n  x: T,\n) => x",
    "const n = <any>f",
    "const n = <string[]>f()",
    "const n = g(<number>f)",
    "const n = <Row>JSON.parse(s);",
  ])("what could be a tag is none: %s", async (code) => {
    const tokens = await tokenize(`${code}\nlet after = 1`);
    expect(tokens.flatMap(({ scopes }) => scopes).filter((scope) => /jsx|meta\.tag/.test(scope))).toEqual([]);
    expect(scopesOf(tokens, "let")).toContain("storage.type.tsx");
  });
});

describe("magic lines", () => {
  test("options, their values, and the head of a loop", async () => {
    const tokens = await tokenize(
      '%%parallel -n 4 --force --chunk=auto --timeout 30s --share "a b" [i, x] of rows.entries()\nx',
    );
    expect(scopesOf(tokens, "%%parallel")).toContain("keyword.control.magic");
    for (const option of ["-n", "--force", "--chunk", "--timeout", "--share"])
      expect(scopesOf(tokens, option)).toContain("entity.other.attribute-name.magic");
    expect(scopesOf(tokens, "4")).toContain("constant.numeric.magic");
    expect(scopesOf(tokens, "auto")).toContain("string.unquoted.magic");
    expect(scopesOf(tokens, "30s")).toContain("constant.numeric.magic");
    expect(scopesOf(tokens, '"a b"')).toContain("string.quoted.magic");
    expect(scopesOf(tokens, "i")).toContain("variable.other.readwrite.tsx");
    expect(scopesOf(tokens, "of")).toContain("keyword.operator.expression.of.tsx");
    expect(scopesOf(tokens, "entries")).toContain("entity.name.function.tsx");
    expect(scopesOf(await tokenize("%%parallel --isolate each\nx"), "each")).toContain(
      "keyword.control.loop",
    );
    expect(scopesOf(await tokenize("%%bench?"), "%%bench")).toContain("keyword.control.magic");
  });

  test("an unfinished head ends with its line", async () => {
    const tokens = await tokenize("%%parallel x of f({ a: `\nconst b = 1");
    expect(scopesOf(tokens, "const")).toBe("meta.var.expr.tsx storage.type.tsx");
  });

  test("sides of a comparison", async () => {
    const tokens = await tokenize(
      [
        "%%bench --for n in 10,20",
        "const t = make()",
        "typescript: f(n)",
        "block: { const x = n; f(x) }",
        "command: %sh sort words.txt",
        "request: GET http://localhost:8000/",
      ].join("\n"),
    );
    for (const label of ["typescript", "block", "command", "request"])
      expect(scopesOf(tokens, label)).toContain("entity.name.label.tsx");
    expect(scopesOf(tokens, "f")).toContain("entity.name.function.tsx");
    expect(scopesOf(tokens, "const", 1)).toContain("storage.type.tsx");
    expect(scopesOf(tokens, "sort")).toContain("entity.name.command.shell");
    expect(scopesOf(tokens, "GET")).toContain("keyword.control.magic");
  });

  test.each([
    "const a = b",
    "let y: number",
    "type A = B | C",
    "type A = { b: C }",
    "x = new Foo",
    "export default x",
    "const f = async (x: number): Promise<number> => x + 1",
    "import a from 'a'",
    "if (x) {\n}",
  ])("a magic below %s", async (code) => {
    const tokens = await tokenize(`${code}\n%time await f()\nconst after = 1`);
    expect(scopesOf(tokens, "%time")).toContain("keyword.control.magic");
    expect(scopesOf(tokens, "await")).toContain("keyword.control.flow.tsx");
    expect(scopesOf(tokens, "const", code.startsWith("const") ? 1 : 0)).toContain("storage.type.tsx");
  });

  test.each([
    "!git status --short",
    "!ls -la /tmp | grep x",
    "!./run.sh",
    "!echo 'a b'",
    "%sh --out files ls *.csv",
    "%npm install lodash-es",
  ])("a command: %s", async (line) => {
    const tokens = await tokenize(line);
    expect(scopesOf(tokens, line.startsWith("!") ? "!" : "%")).toContain("keyword.control.magic");
    expect(tokens.map(({ scopes }) => scopes.join(" ")).join()).toContain("entity.name.command.shell");
  });

  test.each(["!ready && await go()", "!ls", "!x instanceof Y", "!f('a b')", "% b", "%b"])(
    "TypeScript: %s",
    async (line) => {
      const tokens = await tokenize(`const a = c\n${line}`);
      expect(tokens.map(({ scopes }) => scopes.join(" ")).join()).not.toContain("magic");
    },
  );
});

/** `-n` of this magic alone is a flag. */
const exceptions = ["%history -n", "%history --numbers"];

test("every magic is highlighted, and every option by whether it takes a value", async () => {
  const declared = [
    ...magics.map((one) => ({ form: `%%${one.name}`, options: optionsOf(one) })),
    ...lineMagics.map((one) => ({ form: `%${one.name}`, options: lineOptionsOf(one) })),
  ];
  for (const { form, options } of declared) {
    expect(scopesOf(await tokenize(`${form} `), form), form).toContain("keyword.control.magic");
    for (const { long, short, value } of options) {
      for (const option of [`--${long}`, ...(short ? [`-${short}`] : [])]) {
        const line = `${form} ${option}`;
        if (exceptions.includes(line)) continue;
        const tokens = await tokenize(`${line} given rest`);
        expect(scopesOf(tokens, option), line).toContain("entity.other.attribute-name.magic");
        const isValue = scopesOf(tokens, "given") === "meta.magic.line string.unquoted.magic";
        const rest = tokens.filter(({ text }) => text.includes("rest")).map(({ text }) => text.trim());
        expect([isValue && rest[0] === "rest", line]).toEqual([value !== undefined, line]);
      }
    }
  }
});

test.each([
  ["source.rust", "%%rust --debug --dep serde=1", "fn f() {}", "fn", "keyword.other.fn.rust"],
  ["source.python", "%%python --out mean", "def f(): pass", "def", "storage.type.function.python"],
  ["source.shell", "%%sh --shell bash", "echo $HOME", "echo", "support.function.builtin.shell"],
  ["source.js", "%%javascript --out a", "var a = 1", "var", "storage.type.js"],
  ["text.html.derivative", "%%html --out page", "<b>bold</b>", "b", "entity.name.tag.html"],
  ["text.xml", "%%svg --out picture", "<circle r='1'/>", "circle", "entity.name.tag.localname.xml"],
])("the magic line of a cell in %s", async (scopeName, head, body, word, scope) => {
  const tokens = await tokenize(`${head}\n${body}`, scopeName);
  expect(scopesOf(tokens, "%%")).toContain("keyword.control.magic");
  expect(scopesOf(tokens, "--")).toContain("entity.other.attribute-name.magic");
  expect(
    scopesOf(
      tokens.filter(({ line }) => line > 0),
      word,
    ),
  ).toContain(scope);
});
