import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { hasPython } from "../../test/python.ts";
import { signaturesOf } from "./signatures.ts";

const read = (text: string, int = false) => Object.fromEntries(signaturesOf(text, int, new Map()));

test("functions, by their annotations", () => {
  const text = `
@cache
def fib(n: int) -> int:
    def inner(x: str): pass
async def later(a, b: "float" = 1.5, *rest: str, key: int = 3) -> list[float]: ...
def many(
    rows: dict[str, list[int]],  # a comment, with (
    text: str = "a, b)",
    /,
    data: bytes | None = None,
) -> None:
    pass
def plain(x, **more): pass
def values(xs: list[int]) -> tuple[int, ...]: pass
if True:
    def not_at_the_top(): pass
`;
  expect(read(text)).toEqual({
    fib: "PythonFunction<(n: (number | bigint)) => Promise<bigint>>",
    later: "PythonFunction<(a: any, b?: number, ...rest: (string)[]) => Promise<number[]>>",
    many: "PythonFunction<(rows: Record<string, (number | bigint)[]>, text?: string, data?: (Uint8Array | ArrayBuffer) | null) => Promise<null>>",
    plain: "PythonFunction<(x: any) => Promise<any>>",
    values: "PythonFunction<(xs: ArrayLike<(number | bigint)>) => Promise<bigint[]>>",
  });
  expect(read("def fib(n: int) -> int: ...", true)).toEqual({
    fib: "PythonFunction<(n: number) => Promise<number>>",
  });
});

test("variables and dataclasses", () => {
  const text = `
total: float = 3
else: x
@dataclass(frozen=True)
class Point:
    """A place."""
    x: float
    n: int = 3
    def norm(self) -> float:
        length: int = 3
def points() -> list[Point]: ...
def norm(p: Point) -> float: ...
`;
  expect(read(text)).toEqual({
    total: "PromiseLike<number>",
    points: "PythonFunction<() => Promise<{ x: number; n: bigint }[]>>",
    norm: "PythonFunction<(p: { x: number; n: (number | bigint) }) => Promise<number>>",
  });
});

test.skipIf(!hasPython)("later cells are warned of wrong arguments, and know what they get", () =>
  withKernel(
    undefined,
    async (k) => {
      await k.run("%%python\ndef half(x: float) -> float: return x / 2\ndef free(x): return x");
      expect((await k.run("(await py.half(3)).toFixed(1)")).stderr).toBe("");
      expect((await k.run('await py.half("a").catch(() => 0)')).stderr).toMatch(
        /Type warning: .*'string' is not assignable.*'number'/,
      );
      expect((await k.run("(await py.half(3)).length")).stderr).toMatch(
        /'length' does not exist on type 'number'/,
      );
      // Another cell adds names and replaces one; what has no annotation is any, as is what Python itself has.
      await k.run("%%python\ndef half(x: str) -> str: return x[: len(x) // 2]\ntotal: float = 1");
      expect(
        (
          await k.run(
            '[(await py.half("ab")).length, (await py.total).toFixed(), (await py.free(1)).x, await py.math.pi, await py.half.__name__, await py.half]',
          )
        ).stderr,
      ).toBe("");
    },
    { types: true },
  ),
);
