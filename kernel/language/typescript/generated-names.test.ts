import { expect, test } from "vitest";
import { generatedNames } from "./generated-names.ts";
import { NotebookViews } from "./views.ts";

async function namesIn(text: string) {
  const views = new NotebookViews();
  const cell = { uri: "cell", language: "", text, index: 0 };
  const [view] = await views.update({ uri: "notebook", folder: process.cwd(), cells: [cell] });
  await views.close();
  const lines = view?.text.split("\n") ?? [];
  return generatedNames(view?.text ?? "").map(({ path, start: { line, character }, isProperty }) => {
    const last = path.at(-1) ?? "";
    // Each stands where it is said to stand.
    expect(lines[line]?.slice(character, character + last.length)).toBe(last);
    return path.join(".") + (isProperty ? ":" : "");
  });
}

const RUST = `
pub mod orders {
    /// Not a { brace
    /// declare const wrong: {
    pub struct Order { pub total: f64, secret: u8 }
    impl Order {
        pub fn new(total: f64) -> Self { Self { total, secret: 0 } }
        pub fn r#match(&self) -> bool { true }
        pub fn sum(&self, more: &[f64]) -> f64 { 0.0 }
    }
}
pub const NAME: &str = "x";
pub fn fib(x: u32) -> u32 { x }
pub enum Kind { Small, Large { size: u32, class: bool } }
impl Kind { pub fn twice(&self) -> u32 { 2 } }
pub enum Bare { A, B }
pub struct P { pub x: f64 }
pub fn f(k: Kind, p: P, b: Bare) {}`;

const NAMES = [
  "fib",
  "f",
  "NAME",
  "P",
  "P.x:",
  "Kind",
  "Kind.Large.size:",
  "Kind.Large.class:",
  "Kind",
  "Kind.twice",
  "Bare",
  "orders",
  "orders.Order",
  "orders.Order.constructor",
  "orders.Order.new_",
  "orders.Order.match",
  "orders.Order.sum",
  "orders.Order.total",
  "orders.Order.total",
];

test("names of a Rust cell, in an object too", async () => {
  const names = await namesIn(`%%rust${RUST}`);
  expect([...names].sort()).toEqual([...NAMES].sort());
  const inObject = await namesIn(`%%rust --as ns${RUST}`);
  expect([...inObject].sort()).toEqual(["ns", ...NAMES.map((name) => `ns.${name}`)].sort());
});

test("names of a Python cell", async () => {
  const python =
    '%%python\ndef add(a: int) -> "dict[str, int]":\n  """Adds { both."""\ny: int = 3\ndef class_(): pass';
  expect(await namesIn(python)).toEqual(["py", "py.add:", "py.y:", "py.class_:"]);
});
