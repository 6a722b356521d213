import { expect, test } from "vitest";
import { withKernel } from "../../test/kernel.ts";
import { withLanguages } from "../../test/language-client.ts";
import { hasPython } from "../../test/python.ts";
import { signaturesOf } from "./signatures.ts";
import { topLevelNames } from "./source.ts";

const read = (text: string, int = false) =>
  Object.fromEntries([...signaturesOf(text, int, new Map())].map(([name, member]) => [name, member?.type]));
/** A function's part of its type. */
const call = (text: string) => read(text).f?.replace(/^PythonFunction<(.*)>$/, "$1");

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
text = """
def not_code(x: int): pass
"""
class Thing:
    def method(self): pass
if True:
    def there(n: int) -> str: pass
    x = 1
try:
    def twice(n: int): pass
except ImportError:
    def twice(n: str): pass
`;
  expect(read(text)).toEqual({
    fib: "PythonFunction<(n: number | bigint) => Promise<bigint>>",
    later: "PythonFunction<(a: any, b?: number, ...rest: string[]) => Promise<number[]>>",
    many: "PythonFunction<(rows: Record<string, ArrayLike<number | bigint>>, text?: string, data?: Uint8Array | ArrayBuffer | null) => Promise<null>>",
    plain: "PythonFunction<(x: any) => Promise<any>>",
    values: "PythonFunction<(xs: ArrayLike<number | bigint>) => Promise<bigint[]>>",
    text: undefined,
    there: "PythonFunction<(n: number | bigint) => Promise<string>>",
    twice: undefined,
  });
  expect(read("def fib(n: int) -> int: ...", true)).toEqual({
    fib: "PythonFunction<(n: number) => Promise<number>>",
  });
});

test.each([
  [
    "def f(x: Optional[int] = None) -> Union[int, str]: ...",
    "(x?: number | bigint | null) => Promise<bigint | string>",
  ],
  [
    'def f(mode: Literal["a", "b"] = "a") -> Literal[1, None]: ...',
    '(mode?: "a" | "b") => Promise<1n | null>',
  ],
  ["def f(g: Callable[[int], str]) -> Callable[..., int]: ...", "(g: any) => Promise<any>"],
  [
    "def f(xs: npt.NDArray[np.float64]) -> np.ndarray: ...",
    "(xs: ArrayBufferView | readonly any[]) => Promise<any>",
  ],
  [
    "def f(xs: list[str], ys: Sequence[str]): ...",
    "(xs: readonly string[], ys: ArrayLike<string>) => Promise<any>",
  ],
  [
    "def f(p: tuple[float, 'str']) -> Tuple[int, ...]: ...",
    "(p: readonly [number, string]) => Promise<bigint[]>",
  ],
  ["@numba.njit(parallel=True)\ndef f(n: int) -> float: ...", "(n: number | bigint) => Promise<number>"],
  ["@someone.else\ndef f(n: int) -> float: ...", "(...values: any[]) => Promise<any>"],
  ["def f[T](x: T, *, key: int) -> list[T]: ...", "(x: any) => Promise<any[]>"],
  [
    "def f(x: 'Annotated[int, \"a, b\"]', this=lambda a, b: {1: 2}): ...",
    "(x: number | bigint, this_?: any) => Promise<any>",
  ],
  ["async def f() -> AsyncIterator[int]:\n    yield 1", "() => Promise<any>"],
  ["def f() -> Coroutine[Any, Any, str]: ...", "() => Promise<string>"],
  [
    "def f(x: int) -> dict[\n    str,\n    list[int],  # of )\n]:\n    pass",
    "(x: number | bigint) => Promise<Record<string, bigint[]>>",
  ],
  [
    "def f(größe: float, *args, **kwargs) -> bool: return True",
    "(größe: number, ...args: any[]) => Promise<boolean>",
  ],
  [
    "@overload\ndef f(x: int) -> int: ...\n@typing.overload\ndef f(x: str) -> str: ...\ndef f(x): return x",
    "{ (x: number | bigint): Promise<bigint>; (x: string): Promise<string> }",
  ],
  ["x = [\nimport_me,\ndefault,\n]\ndef f(): ...", "() => Promise<any>"],
  // Being written: the bracket is open still.
  ["def g(x: int,\n\ndef f(y: str) -> str:\n    return y", "(y: string) => Promise<string>"],
  ["def f(y: str) -> str:\n    return y\nf = other(f)", undefined],
])("%s", (text, type) => {
  expect(call(text)).toBe(type);
});

test("variables, classes of data and aliases", () => {
  const text = `
total: float = 3
else: x
@dataclass(frozen=True)
class Point:
    """A place."""
    x: float
    n: int = 3
    kind: ClassVar[str] = "point"
    def norm(self) -> float:
        length: int = 3
class Row(TypedDict, total=False):
    name: Required[str]
    at: "Point | None"
class Pair(NamedTuple):
    first: int
    second: str = ""
@dataclass
class Named(Point):
    name: str = ""
Vector = list[float]
UserId = NewType("UserId", int)
type Rows = list[Row]
flags = a | b
def points() -> list[Point]: ...
def norm(p: Point) -> float: ...
def rows(r: Rows, v: Vector, u: UserId) -> Row: ...
def named() -> list[Named]: ...
def pair(p: Pair) -> Pair: ...
`;
  expect(read(text)).toEqual({
    total: "PromiseLike<number>",
    Vector: undefined,
    UserId: undefined,
    Rows: undefined,
    flags: undefined,
    points: "PythonFunction<() => Promise<{ x: number; n: bigint }[]>>",
    norm: "PythonFunction<(p: { x: number; n?: number | bigint }) => Promise<number>>",
    rows: "PythonFunction<(r: readonly ({ name: string; at?: { x: number; n?: number | bigint } | null })[], v: ArrayLike<number>, u: number | bigint) => Promise<{ name: string; at?: { x: number; n: bigint } | null }>>",
    named: "PythonFunction<() => Promise<({ x: number; n: bigint } & { name: string })[]>>",
    pair: "PythonFunction<(p: readonly [first: number | bigint, second: string]) => Promise<[first: bigint, second: string]>>",
  });
});

test("the first paragraph of a docstring", () => {
  const members = signaturesOf(
    'def f():\n    # of f\n    """\n    Makes\n    it. */\n\n    Returns: it\n    """\ndef g(): "One."\ndef h(): return "no"',
    false,
    new Map(),
  );
  expect([...members.values()].map((one) => one?.documentation)).toEqual(["Makes it. */", "One.", undefined]);
});

test("where the names of a text are written", () => {
  const text =
    "import a\n@b\nasync def größe(\n  x,\n):\n    y = 1\nclass C: pass\ntotal: int = 1\ntotal = 2";
  const places = [...topLevelNames(text)].map(([name, { start, end }]) => [
    name,
    text.slice(start, end),
    start,
  ]);
  expect(places).toEqual([
    ["größe", "größe", text.indexOf("größe")],
    ["C", "C", text.indexOf("C:")],
    ["total", "total", text.lastIndexOf("total")],
  ]);
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

test("in the editor a wrong argument is a red line before anything runs, and the docstring is shown", () =>
  withLanguages({}, async (client) => {
    const notebook = client.open([
      {
        language: "python",
        text: '%%python\nfrom functools import cache\n@cache\ndef fib(n: int) -> int:\n    """Fibonacci\'s\n    number. */\n\n    More.\n    """\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\ndef half(x: float, *, exact=False) -> float: return x / 2',
      },
      'await py.fib("x");\nawait py.fib();\nawait py.fib(1, 2);\n(await py.half(1)).toFixed();\nawait py.fi‸b(3n);\nawait py.math.sqrt(2);',
    ]);
    const found = await notebook.diagnosed(1, ({ range }) => range.start.line === 0);
    expect(found.map(({ range, code }) => [range.start.line, code])).toEqual([
      [0, 2345],
      [1, 2554],
      [2, 2554],
    ]);
    const { place } = notebook;
    const hover = await notebook.hover(place);
    expect(hover).toContain("Fibonacci's number.");
    expect(hover).toContain("n: number | bigint");
  }));
