import { expect, test } from "vitest";
import { ALL_CELLS, CellScope, type Declared, GLOBAL_NAMES, withoutCellNames } from "./scope.ts";

const consts = (...names: string[]): Declared[] => names.map((name) => ({ name, kind: "const" }));

test("a cell that runs again and again leaves one document", () => {
  const scope = new CellScope();
  scope.commit("const a = 1", "ts", consts("a"));
  const again = scope.commit("const a = 1", "ts", consts("a"));
  expect([...again.set.keys()]).toEqual([".tandem-2.ts", ALL_CELLS, GLOBAL_NAMES]);
  expect(again.remove).toEqual([".tandem-1.ts"]);
  expect(again.set.get(ALL_CELLS)).toBe(
    `export * as cell2 from "./.tandem-2";\nexport as namespace __tandem;`,
  );
});

test("a cell stays as long as a living one uses it", () => {
  const scope = new CellScope();
  scope.commit("const a = 1", "ts", consts("a"));
  expect(scope.commit("const b = a", "ts", consts("b")).set.get(".tandem-2.ts")).toBe(
    `const b = a\nimport {a} from "./.tandem-1";export {b};`,
  );
  expect(scope.commit("const a = 2", "ts", consts("a")).remove).toEqual([]);
  expect([...scope.commit("const b = 3", "ts", consts("b")).remove].sort()).toEqual([
    ".tandem-1.ts",
    ".tandem-2.ts",
  ]);
});

test("variables are declared by type, all else is an alias", () => {
  const scope = new CellScope();
  const declared: Declared[] = [
    { name: "n", kind: "let" },
    { name: "k", kind: "const" },
    { name: "Row", kind: "other" },
  ];
  expect(scope.commit("…", "tsx", declared).set.get(GLOBAL_NAMES)?.split("\n")).toEqual([
    "declare let n: typeof __tandem.cell1.n;",
    "declare const k: typeof __tandem.cell1.k;",
    "import Row = __tandem.cell1.Row;",
  ]);
});

test("names that are globals already are imported where they are mentioned", () => {
  const scope = new CellScope();
  scope.setGlobals(new Set(["process", "Event"]));
  const declared: Declared[] = [
    { name: "process", kind: "let" },
    { name: "Event", kind: "other" },
    { name: "own", kind: "const" },
  ];
  const names = scope.commit("…", "ts", declared).set.get(GLOBAL_NAMES);
  expect(names).toBe("declare const own: typeof __tandem.cell1.own;");
  expect(scope.contested("own + process.x + events")).toEqual(["process"]);
  expect(scope.imports(["process", "Event"])).toBe(
    `declare let process: typeof import("./.tandem-1").process;import {Event} from "./.tandem-1";`,
  );
});

test("messages name the user's names alone", () => {
  expect(withoutCellNames(`Type 'import("/a b/.tandem-12").Row' is not '__tandem.cell3.Row'.`)).toBe(
    "Type 'Row' is not 'Row'.",
  );
});
