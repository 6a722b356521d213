import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LanguageClient } from "../../../test/language-client.ts";
import { hasPython } from "../../../test/python.ts";
import { cursors, RenamedCells } from "../../../test/renamed-cells.ts";
import { hasRust } from "../../../test/rust-kernel.ts";
import { findAnalyzer } from "../rust/analyzer/find-analyzer.ts";

const hasAnalyzer = (await findAnalyzer(undefined)) !== undefined;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "tandem-across-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** rust-analyzer reads the standard library at its first question. */
const PATIENT = 180_000;

/** A name changed from each of its places, with the same outcome. */
const SAME: [string, string[], string, string[]][] = [
  [
    "a function",
    [
      "%%rust\npub fn ‸twice(n: u32) -> u32 { 2 * n }",
      "const o = { ‸twice };\nawait ‸twice.async(1)",
      "%%bench\na: ‸twice(1)\nb: { twice(2) }",
      "%%parallel x of [twice(1)]\n‸twice(x)",
      "%time ‸twice(3)",
    ],
    "double",
    [
      "%%rust\npub fn double(n: u32) -> u32 { 2 * n }",
      "const o = { twice: double };\nawait double.async(1)",
      "%%bench\na: double(1)\nb: { double(2) }",
      "%%parallel x of [double(1)]\ndouble(x)",
      "%time double(3)",
    ],
  ],
  [
    "a field of a plain struct",
    [
      "%%rust\npub struct Point { pub ‸x: f64 }\npub fn norm(p: Point) -> f64 { p.x }",
      "const p: Point = { ‸x: 1 };\nnorm(p) + p.‸x",
    ],
    "left",
    [
      "%%rust\npub struct Point { pub left: f64 }\npub fn norm(p: Point) -> f64 { p.left }",
      "const p: Point = { left: 1 };\nnorm(p) + p.left",
    ],
  ],
];

describe.skipIf(!hasRust || !hasAnalyzer)("names of Rust cells, with rust-analyzer", () => {
  const client = new LanguageClient(folder, { TANDEM_CACHE: join(folder, "cache") });
  let notebook: RenamedCells;
  beforeAll(async () => {
    await client.initialize({});
    notebook = new RenamedCells(client);
  });
  afterAll(() => client.close());

  test.each(SAME)(
    "%s is renamed from wherever it stands",
    async (_what, cells, newName, expected) => {
      for (const from of cursors(cells)) expect(await notebook.renamed(from, newName)).toEqual(expected);
    },
    PATIENT,
  );

  test.each<[string, string[], string, RegExp]>([
    [
      "a name that a cell declares",
      ["%%rust\npub fn ‸f() {}", "f()", "const g = 1"],
      "g",
      /Cell 3 declares g/,
    ],
    ["a name of the same Rust", ["%%rust\npub fn f() {}\nfn g() {}", "‸f()"], "g", /Cell 1 declares g/],
    [
      "a name that is used",
      ["%%rust\npub fn ‸f() {}", "function h(g: number) { f() }"],
      "g",
      /Cell 2 uses g/,
    ],
    ["a name that Rust cannot have", ["%%rust\npub fn f() {}", "‸f()"], "$f", /\$f cannot be a name/],
    [
      "a constructor that is used",
      ["%%rust\npub struct C { n: u8 }\nimpl C { pub fn ne‸w() -> Self { C { n: 1 } } }", "new C()"],
      "make",
      /Cell 2 makes a C by `new C/,
    ],
    [
      "a variant that is written as text",
      ["%%rust\npub enum K { Sm‸all, Big }\npub fn f(k: K) {}", 'f("Small")'],
      "Tiny",
      /Cell 2 writes "Small"/,
    ],
    [
      "what cells have while its own is broken",
      ["%%rust\npub fn ‸f() {}\npub fn g( {", "f()"],
      "h",
      /Cell 1 has a mistake of syntax/,
    ],
  ])(
    "refuses %s",
    async (_what, cells, newName, expected) => {
      await expect(notebook.renamed(cells, newName)).rejects.toThrow(expected);
    },
    PATIENT,
  );

  describe.skipIf(!hasPython)("that Python has by tandem_rust", () => {
    test.each<[string, string[], string, string[]]>([
      [
        "attributes and imports",
        [
          "%%rust\npub fn ‸f(n: u32) -> u32 { n }\npub mod m { pub fn f() {} }",
          "%%python\nimport tandem_rust\nimport tandem_rust as r\nfrom tandem_rust import (m,\n  f)\nf(1), tandem_rust.‸f(2)",
          "%%python\ndef g(): return f'{r.f(3)} f {other.f(4)}', m.f(), r.m.f()",
          "‸f(1)",
        ],
        "lambda",
        [
          "%%rust\npub fn lambda(n: u32) -> u32 { n }\npub mod m { pub fn f() {} }",
          "%%python\nimport tandem_rust\nimport tandem_rust as r\nfrom tandem_rust import (m,\n  lambda_ as f)\nf(1), tandem_rust.lambda_(2)",
          "%%python\ndef g(): return f'{r.lambda_(3)} f {other.f(4)}', m.f(), r.m.f()",
          "lambda(1)",
        ],
      ],
      [
        "what stands in a module, and the import's own name",
        [
          "%%rust\npub mod m { pub fn ‸f() {} }",
          "%%python\nfrom tandem_rust import m as mine, other as f\nmine.f(); f()",
        ],
        "g",
        [
          "%%rust\npub mod m { pub fn g() {} }",
          "%%python\nfrom tandem_rust import m as mine, other as f\nmine.g(); f()",
        ],
      ],
      [
        "a parameter that nobody passes by its name",
        ["%%rust\npub fn f(‸n: u32) -> u32 { n }", "%%python\nimport tandem_rust\nn = 1; tandem_rust.f(n)"],
        "m",
        ["%%rust\npub fn f(m: u32) -> u32 { m }", "%%python\nimport tandem_rust\nn = 1; tandem_rust.f(n)"],
      ],
      [
        "what a member's name is beside it",
        ["%%rust\npub struct P { pub ‸x: f64 }\npub fn p(p: P) {}", "%%python\nimport tandem_rust\nx = 1"],
        "y",
        ["%%rust\npub struct P { pub y: f64 }\npub fn p(p: P) {}", "%%python\nimport tandem_rust\nx = 1"],
      ],
    ])(
      "is renamed: %s",
      async (_what, cells, newName, expected) => {
        for (const from of cursors(cells)) expect(await notebook.renamed(from, newName)).toEqual(expected);
      },
      PATIENT,
    );

    const POINT = "%%rust\npub struct P { pub ‸x: f64 }\npub fn p(p: P) {}";
    test.each<[string, string, string, RegExp]>([
      ["a field that is read", POINT, "from tandem_rust import P\nq.x", /Cell 2 has a x in Python/],
      [
        "a parameter that is passed by its name",
        "%%rust\npub fn f(‸n: u32) -> u32 { n }",
        "import tandem_rust\ntandem_rust.f(n=1)",
        /Cell 2 passes a n by its name/,
      ],
      ["a field that is given", POINT, "from tandem_rust import P\nP(x=1)", /Cell 2 has a x in Python/],
      ["a field of a dict", POINT, "from tandem_rust import p\np({'x': 1})", /Cell 2 has a x in Python/],
      [
        "what all are imported with",
        "%%rust\npub fn ‸f() {}",
        "from tandem_rust import *\nf()",
        /Cell 2 may mean it/,
      ],
      [
        "what is asked for by text",
        "%%rust\npub fn ‸f() {}",
        "import tandem_rust\ngetattr(tandem_rust, 'f')()",
        /Cell 2 may mean it/,
      ],
      [
        "an attribute of what may be the module",
        "%%rust\npub fn ‸f() {}",
        "import tandem_rust\nr = tandem_rust\nr.f()",
        /Cell 2 may mean it/,
      ],
      [
        "an attribute of what may be another",
        "%%rust\npub fn ‸f() {}",
        "import tandem_rust as r\ndef g(r): return r.f()",
        /Cell 2 may mean it/,
      ],
    ])(
      "is refused: %s",
      async (_what, rust, python, expected) => {
        await expect(notebook.renamed([rust, `%%python\n${python}`], "g")).rejects.toThrow(expected);
      },
      PATIENT,
    );

    test("is found", async () => {
      const cells = ["%%rust\npub fn ‸f() {}", "‸f()", "%%python\nfrom tandem_rust import ‸f\nf(); o.f"];
      for (const from of cursors(cells))
        expect(await notebook.references(from)).toEqual(["0:1:7 f", "1:0:0 f", "2:1:24 f"]);
    });
  });

  test.each<[string, string[], string, string[]]>([
    [
      "a class",
      [
        "%%rust\npub struct Cou‸nter { n: u32 }\nimpl Counter {\n    pub fn new() -> Self { Self { n: 0 } }\n    pub fn add(&mut self) {}\n}",
        "const c: Counter = new Counter();\nc.add()",
      ],
      "Tally",
      [
        "%%rust\npub struct Tally { n: u32 }\nimpl Tally {\n    pub fn new() -> Self { Self { n: 0 } }\n    pub fn add(&mut self) {}\n}",
        "const c: Tally = new Tally();\nc.add()",
      ],
    ],
    [
      "a method, from TypeScript",
      [
        "%%rust\npub mod m {\n    pub struct C;\n    impl C {\n        pub fn new() -> Self { C }\n        pub fn add(&self) -> u8 { 1 }\n    }\n}",
        "const c = new m.C();\nc.a‸dd()",
        "class Other { add() {} }\nnew Other().add()",
      ],
      "plus",
      [
        "%%rust\npub mod m {\n    pub struct C;\n    impl C {\n        pub fn new() -> Self { C }\n        pub fn plus(&self) -> u8 { 1 }\n    }\n}",
        "const c = new m.C();\nc.plus()",
        "class Other { add() {} }\nnew Other().add()",
      ],
    ],
    [
      "a trait's method, in all that have it",
      [
        "%%rust\npub trait Area { fn area(&self) -> f64; }\npub struct A { s: u8 }\nimpl A { pub fn new() -> Self { A { s: 1 } } }\nimpl Area for A { fn ar‸ea(&self) -> f64 { 1.0 } }\n" +
          "pub struct B { s: u8 }\nimpl B { pub fn new() -> Self { B { s: 1 } } }\nimpl Area for B { fn area(&self) -> f64 { 2.0 } }",
        "new A().area() + new B().area()",
      ],
      "size",
      [
        "%%rust\npub trait Area { fn size(&self) -> f64; }\npub struct A { s: u8 }\nimpl A { pub fn new() -> Self { A { s: 1 } } }\nimpl Area for A { fn size(&self) -> f64 { 1.0 } }\n" +
          "pub struct B { s: u8 }\nimpl B { pub fn new() -> Self { B { s: 1 } } }\nimpl Area for B { fn size(&self) -> f64 { 2.0 } }",
        "new A().size() + new B().size()",
      ],
    ],
    [
      "what stands in an object",
      ["%%rust --as ns\npub fn f() -> u8 { 1 }", "ns.‸f();\nconst { f: g } = ns, { f } = ns;\nf() + g()"],
      "h",
      ["%%rust --as ns\npub fn h() -> u8 { 1 }", "ns.h();\nconst { h: g } = ns, { h: f } = ns;\nf() + g()"],
    ],
    [
      "the object itself",
      ["%%rust --debug --as ‸ns\npub fn f() -> u8 { 1 }", "ns.f()"],
      "mine",
      ["%%rust --debug --as mine\npub fn f() -> u8 { 1 }", "mine.f()"],
    ],
    [
      "a name that TypeScript reserves, and gives one",
      ["%%rust\npub fn ‸pick() -> u8 { 1 }", "pick()"],
      "delete",
      ["%%rust\npub fn delete() -> u8 { 1 }", "delete_()"],
    ],
    [
      "a name that TypeScript reserves, from there",
      ["%%rust\npub fn delete() -> u8 { 1 }", "‸delete_()"],
      "pick",
      ["%%rust\npub fn pick() -> u8 { 1 }", "pick()"],
    ],
    [
      "a name that Rust reserves",
      ["%%rust\npub fn pick() -> u8 { 1 }", "‸pick()"],
      "loop",
      ["%%rust\npub fn r#loop() -> u8 { 1 }", "loop()"],
    ],
    [
      "what TypeScript has not",
      ["%%rust\nfn in‸ner() -> u8 { 1 }\npub fn f() -> u8 { inner() }", "const inner = f()"],
      "own",
      ["%%rust\nfn own() -> u8 { 1 }\npub fn f() -> u8 { own() }", "const inner = f()"],
    ],
    [
      "the later of two declarations",
      ["%%rust\npub fn f() -> u8 { 1 }", "f()", "%%rust\npub fn ‸f() -> u8 { 2 }", "f()"],
      "g",
      ["%%rust\npub fn f() -> u8 { 1 }", "f()", "%%rust\npub fn g() -> u8 { 2 }", "g()"],
    ],
    [
      "a function that other Rust cells call",
      [
        "%%rust\npub fn fib(n: u32) -> u32 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }",
        "%%rust\npub fn more(n: u32) -> u32 { fib(n) + 1 }",
        "‸fib(3) + more(1)",
      ],
      "f",
      [
        "%%rust\npub fn f(n: u32) -> u32 { if n < 2 { n } else { f(n - 1) + f(n - 2) } }",
        "%%rust\npub fn more(n: u32) -> u32 { f(n) + 1 }",
        "f(3) + more(1)",
      ],
    ],
  ])(
    "renames %s",
    async (_what, cells, newName, expected) => {
      expect(await notebook.renamed(cells, newName)).toEqual(expected);
    },
    PATIENT,
  );

  test(
    "finds the uses in all languages from wherever it stands",
    async () => {
      const cells = [
        "%%rust\npub fn ‸twice(n: u32) -> u32 { 2 * n }",
        "%%rust\npub fn more(n: u32) -> u32 { ‸twice(n) }",
        "‸twice(1) + more(2)",
      ];
      const expected = ["0:1:7 twice", "1:1:29 twice", "2:0:0 twice"];
      for (const from of cursors(cells)) expect(await notebook.references(from)).toEqual(expected);
      for (const from of cursors(cells))
        expect(await notebook.references(from, false)).toEqual(expected.slice(1));
    },
    PATIENT,
  );
});

describe("names of Rust cells, without rust-analyzer", () => {
  const client = new LanguageClient(folder);
  let notebook: RenamedCells;
  beforeAll(async () => {
    // Nothing is started in a folder that is not trusted.
    await client.initialize({ trusted: false });
    notebook = new RenamedCells(client);
  });
  afterAll(() => client.close());

  test("are renamed where the declaration is all that Rust has of them", async () => {
    const cells = ["%%rust\npub fn ‸f(n: u8) -> u8 { n }\npub const MAX: u8 = 3;", "‸f(1) + MAX"];
    for (const from of cursors(cells))
      expect(await notebook.renamed(from, "g")).toEqual([
        "%%rust\npub fn g(n: u8) -> u8 { n }\npub const MAX: u8 = 3;",
        "g(1) + MAX",
      ]);
  });

  test("are refused where another Rust cell mentions them", async () => {
    const cells = ["%%rust\npub fn ‸f() {}", "%%rust\npub fn g() { f() }", "‸f()"];
    for (const from of cursors(cells))
      await expect(notebook.renamed(from, "h")).rejects.toThrow(
        /f cannot be renamed without rust-analyzer.*Cell 2/,
      );
  });

  test("are found where they are declared and in TypeScript", async () => {
    const cells = ["%%rust\npub fn ‸f() {}", "‸f()"];
    for (const from of cursors(cells)) {
      expect(await notebook.references(from)).toEqual(["0:1:7 f", "1:0:0 f"]);
      expect(await notebook.references(from, false)).toEqual(["1:0:0 f"]);
    }
  });
});
