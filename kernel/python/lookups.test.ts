import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { TestKernel } from "../../test/kernel.ts";
import { hasPython, testsPython } from "../../test/python.ts";
import { docstring } from "./lookups.ts";

test("docstrings are prose where they are, else shown as written", () => {
  expect(docstring("Adds.\n\nTwo numbers.")).toBe("Adds.\n\nTwo numbers.");
  expect(docstring("Adds.\n\n>>> add(1)\n``x``")).toBe("```text\nAdds.\n\n>>> add(1)\n``x``\n```");
  expect(docstring("a ``` b")).toBe("````text\na ``` b\n````");
});

describe.skipIf(!hasPython)("what the interpreter knows of a cell that is being written", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-test-")));
  let k: TestKernel;
  beforeAll(async () => {
    k = new TestKernel(folder);
    const ran = await k.run(`%%python
import collections, os, sys, time, xml
sys.modules["jedi"] = None  # What it adds is tested below.
from dataclasses import dataclass

@dataclass
class Point:
    """A place."""
    x: float
    y: float = 0.0
    def norm(self) -> float:
        """How far it is."""
        return (self.x**2 + self.y**2) ** 0.5
    @property
    def other(self) -> "Point":
        raise RuntimeError("a getter was called")
    @classmethod
    def origin(cls) -> "Point": return cls(0)

class Sly:
    def __getattr__(self, name): called.append(name)
    def __dir__(self): called.append("dir"); return []
    def __repr__(self): called.append("repr"); time.sleep(5)
    @property
    def __class__(self): called.append("class"); return int

called = []
sly = Sly()
point = Point(3, 4)
table = {"größe": point, "other": [1, 2], 3: 4}
def area(width: float, *, height: float = 1.5, label="a, b", on=sly) -> Point:
    """The area.

    Of a rectangle."""`);
    expect(ran.error).toBeUndefined();
  });
  afterAll(async () => {
    await k.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const place = (cell: string) => {
    const text = `%%python\n${cell}`;
    const offset = text.indexOf("‸");
    return { text: text.replace("‸", ""), offset };
  };
  const complete = async (cell: string) => {
    const { text, offset } = place(cell);
    const { start, end, matches } = await k.kernel.complete(text, offset);
    return { replaces: text.slice(start, end), texts: matches.map((one) => one.text), matches };
  };
  const texts = async (cell: string) => (await complete(cell)).texts;
  const inspect = (cell: string) => {
    const { text, offset } = place(cell);
    return k.kernel.inspect(text, offset);
  };

  it("completes names of the cells, of Python and of the text", async () => {
    const found = await complete("größe = 1\npo‸");
    expect(found.replaces).toBe("po");
    expect(found.matches).toEqual([
      { text: "point", kind: "instance" },
      { text: "pow", kind: "function" },
    ]);
    expect(await texts("Poi‸")).toEqual(["Point"]);
    expect(await texts("def later(first, second=2):\n    for third in fir‸")).toEqual(["first"]);
    expect(await texts("rows, columns = 1, 2\nimport zlib as packed\nco‸")).toEqual(
      expect.arrayContaining(["collections", "columns", "continue"]),
    );
    expect(await texts("pac‸")).toEqual([]);
  });

  it("completes members of values, classes and modules, and runs no code of theirs", async () => {
    expect(await texts("point.‸")).toEqual(["norm", "origin", "other", "x", "y"]);
    expect(await texts("Point.or‸")).toEqual(["origin"]);
    expect(await texts("point.other.other.n‸")).toEqual(["norm"]);
    expect(await texts("area(1, height=2).no‸")).toEqual(["norm"]);
    expect(await texts('table["größe"].no‸')).toEqual(["norm"]);
    expect(await texts('table["other"].appe‸')).toEqual(["append"]);
    expect(await texts('"😀, a.b(".upp‸')).toEqual(["upper"]);
    expect(await texts("[1, 2].so‸")).toEqual(["sort"]);
    expect(await texts("(point\n   .nor‸")).toEqual(["norm"]);
    expect(await texts("os.path.basen‸")).toEqual(["basename"]);
    expect(await texts("point.__init_‸")).toEqual(expect.arrayContaining(["__init__"]));
    expect(await texts("sly.‸")).toEqual([]);
    expect((await inspect("sl‸y"))?.signature).toBe("sly: Sly");
    expect((await k.run("%%python\ncalled")).result).toEqual({ "text/plain": "[]" });
  });

  it("completes modules, and what is in those that nobody has imported", async () => {
    expect(await texts("import collections.a‸")).toEqual(["abc"]);
    expect(await texts("import json, wavedash, wav‸")).toEqual(["wave"]);
    expect(await texts("from colors‸")).toEqual(["colorsys"]);
    expect(await texts("from colorsys import hls_‸")).toEqual(["hls_to_rgb"]);
    expect(await texts("from colorsys import (ONE_THIRD,\n  rgb_to_h‸")).toEqual([
      "rgb_to_hls",
      "rgb_to_hsv",
    ]);
    expect(await texts("import colorsys as c\nc.yiq‸")).toEqual(["yiq_to_rgb"]);
    expect(await texts("xml.dom.minid‸")).toEqual(["minidom"]);
    // What it imports under another name is not in it.
    expect(await texts("from colorsys import __al‸")).toEqual(["__all__"]);
    expect(await texts("from os ‸")).toEqual(["import"]);
    expect((await k.run("%%python\nimport sys\n'colorsys' in sys.modules")).result?.["text/plain"]).toBe(
      "False",
    );
  });

  it("completes parameters of a call, and keys", async () => {
    expect((await complete("area(1, ‸")).texts.slice(0, 4)).toEqual(["height=", "label=", "on=", "width="]);
    expect(await texts("area(1, hei‸")).toEqual(["height="]);
    expect(await texts("Point(x=1, y‸")).toEqual(["y=", "yield"]);
    expect(await texts("area(1, height=hei‸")).toEqual([]);
    const keys = await complete("😀 = table['gr‸");
    expect([keys.texts, keys.replaces]).toEqual([["größe"], "gr"]);
    expect(await texts("'a text po‸")).toEqual([]);
    expect(await texts("# a comment po‸")).toEqual([]);
    expect(await texts('"""open\n po‸')).toEqual([]);
    expect(await texts("3.‸")).toEqual([]);
  });

  it("tells signatures, documentation, types and values", async () => {
    expect(await inspect("are‸a")).toEqual({
      signature: "def area(width: float, *, height: float = 1.5, label='a, b', on=<Sly>) -> Point",
      language: "python",
      documentation: "The area.\n\nOf a rectangle.",
    });
    expect((await inspect("area(1, (2, 3), ‸"))?.signature).toContain("def area(width");
    expect(await inspect("point.nor‸m()")).toMatchObject({
      signature: "def norm() -> float",
      documentation: "How far it is.",
    });
    expect(await inspect("Poin‸t")).toMatchObject({
      signature: "class Point(x: float, y: float = 0.0) -> None",
      documentation: "A place.",
    });
    expect((await inspect("tabl‸e"))?.signature).toBe(
      "table: dict = {'größe': <Point>, 'other': [1, 2], 3: 4}",
    );
    expect((await inspect("point.‸x"))?.signature).toBe("point.x: int = 3");
    expect((await inspect("o‸s"))?.signature).toBe("module os");
    expect((await inspect("os.path.joi‸n"))?.signature).toBe("def join(a, *p)");
    expect((await inspect("table['other'].append(‸"))?.signature).toBe("def append(object, /)");
    expect((await inspect("Point.origin(‸"))?.signature).toContain("def origin() -> ");
    expect((await inspect("Point.norm(‸"))?.signature).toBe("def norm(self) -> float");
    expect((await inspect("len‸"))?.documentation).toContain("number of items");
    expect(await inspect("unknown_nam‸e")).toBeUndefined();
    expect(await inspect("'poin‸t'")).toBeUndefined();
  });

  it("answers nothing while a cell runs, and goes on after it", async () => {
    const { ran, done } = k.start(
      "%%python\nprint('runs')\nwhile not os.path.exists('go'): time.sleep(0.01)",
    );
    while (!ran.stdout.includes("runs")) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await texts("poin‸")).toEqual([]);
    expect(await inspect("poin‸t")).toBeUndefined();
    expect(ran.order).toEqual(["out:runs\n"]);
    writeFileSync(join(folder, "go"), "");
    expect((await done).status).toBe("ok");
    expect(await texts("poin‸")).toEqual(["point"]);
  });

  it("gives up on what takes long, also where TypeScript has called Python", async () => {
    await k.run(`%%python
class Slow:
    def __getattr__(self, name):
        while True: time.sleep(0.01)
    def __call__(self): pass
slow = Slow()
def rest():
    open('marked', 'w').close()
    while not os.path.exists('rested'): time.sleep(0.01)`);
    // The signature of an object is asked of its own `__signature__`.
    expect(await inspect("slo‸w")).toBeUndefined();
    expect(await texts("poin‸")).toEqual(["point"]);
    const { ran, done } = k.start("console.log(await py.rest())");
    while (!existsSync(join(folder, "marked"))) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await texts("poin‸")).toEqual([]);
    expect(ran.stdout).toBe("");
    writeFileSync(join(folder, "rested"), "");
    expect((await done).status).toBe("ok");
    expect((await k.run("%%python\n'not interrupted'")).result?.["text/plain"]).toBe("'not interrupted'");
  });
});

test.skipIf(!testsPython)("jedi knows what the text of the cell says, and calls no code of values", () => {
  // Without the limit of time: its first look at Python's own types takes seconds.
  const program = `import json, sys
sys.path.insert(0, ${JSON.stringify(join(import.meta.dirname, "runner"))})
from tandem_runner import with_jedi
called = []
class Sly:
    @property
    def part(self): called.append("part"); return "text"
    def __getitem__(self, key): called.append("item"); return "text"
def ask(text, look):
    return look(text, len(text), {"sly": Sly()})
assert with_jedi.load()
text = "class Made:\\n    def doubled(self):\\n        'Twice.'\\nmade = [Made()]\\nmade[0].dou"
found = [ask(text, with_jedi.complete), ask(text + "bled", with_jedi.inspect_at)]
ask("sly.part.upp", with_jedi.complete)
ask("sly[0].upp", with_jedi.complete)
print(json.dumps([*found, called]))`;
  const { stdout, stderr } = spawnSync(testsPython ?? "", ["-B", "-c", program], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual([
    { start: 76, end: 79, matches: [{ text: "doubled", kind: "function" }] },
    { signature: "doubled(self)", documentation: "Twice." },
    [],
  ]);
});
