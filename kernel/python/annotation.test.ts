import { describe, expect, test } from "vitest";
import { annotationOf, typeOfAnnotation } from "./annotation.ts";
import { typeOf } from "./value-type.ts";

describe("types of Python annotations", () => {
  test.each([
    ["float", "number"],
    ["int", "bigint"],
    ["list[int]", "bigint[]"],
    ["list[float | None]", "(number | null)[]"],
    ["Optional[str]", "string | null"],
    ["typing.Union[int, str]", "bigint | string"],
    ["dict[str, list[float]]", "Record<string, number[]>"],
    ["dict[int, str]", "Map<bigint, string>"],
    ["tuple[int, str]", "[bigint, string]"],
    ["tuple[float, ...]", "number[]"],
    ["set[bytes]", "Set<Uint8Array>"],
    ["datetime.datetime", "Date"],
    ["list[Customer]", "any[]"],
    ['"list[bool]"', "boolean[]"],
    ["dict[str, list[tuple[int, int]]]", "Record<string, [bigint, bigint][]>"],
  ])("%s", (annotation, type) => {
    expect(typeOfAnnotation(annotation, false)).toBe(type);
  });

  test.each(["Customer", "Callable[[int], str]", "list[int", "int]", ""])(
    "%s tells nothing",
    (annotation) => {
      expect(typeOfAnnotation(annotation, false)).toBeUndefined();
    },
  );

  test("ints are numbers where the cell says so", () => {
    expect(typeOfAnnotation("dict[int, list[int]]", true)).toBe("Map<number, number[]>");
  });

  test("the last annotation at the start of a line counts", () => {
    const source =
      "total: int = 0\nif total:\n    total: str\ntotal: float = 1  # euros\ntotals: bool = True";
    expect(annotationOf("total", source)).toBe("float");
    expect(annotationOf("other", source)).toBeUndefined();
  });
});

describe("types of values", () => {
  test.each([
    [1, "number"],
    [1n, "bigint"],
    [null, "null"],
    [[1, 2], "number[]"],
    [[1, "a"], "(number | string)[]"],
    [[], "any[]"],
    [{ mean: 1, "not a name": [true] }, '{ mean: number; "not a name": boolean[] }'],
    [{}, "Record<string, any>"],
    [new Map([[1n, "a"]]), "Map<bigint, string>"],
    [new Set(["a"]), "Set<string>"],
    [new Float64Array(1), "Float64Array"],
    [new Date(), "Date"],
  ])("%o: %s", (value, type) => {
    expect(typeOf(value)).toBe(type);
  });

  test("an object with many fields is a collection", () => {
    const counts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]));
    expect(typeOf(counts)).toBe("Record<string, number>");
  });
});
