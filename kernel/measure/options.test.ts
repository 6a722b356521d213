import { describe, expect, it } from "vitest";
import { type BenchOptionTexts, readOptions, toleranceText } from "./options.ts";

describe("options", () => {
  it("have defaults", () => {
    expect(readOptions({})).toEqual({
      rounds: 30,
      budget: 20,
      precision: 0.01,
      tolerance: { ulps: 4 },
      cold: false,
    });
  });

  it.each<[BenchOptionTexts, object]>([
    [{ rounds: "100" }, { rounds: 100 }],
    [{ budget: "1.5s" }, { budget: 1.5 }],
    [{ budget: "500ms" }, { budget: 0.5 }],
    [{ budget: "2min" }, { budget: 120 }],
    [{ budget: 1500 }, { budget: 1.5 }],
    [{ precision: "0.5%" }, { precision: 0.005 }],
    [{ precision: 0.02 }, { precision: 0.02 }],
    [{ tol: "0ulp" }, { tolerance: { ulps: 0 } }],
    [{ tol: "1e-9" }, { tolerance: { relative: 1e-9 } }],
    [{ tol: 0.001 }, { tolerance: { relative: 0.001 } }],
    [{ tol: "0.1%" }, { tolerance: { relative: 0.001 } }],
  ])("%j", (texts, expected) => expect(readOptions(texts)).toMatchObject(expected));

  it.each<[BenchOptionTexts, string]>([
    [{ rounds: "many" }, "--rounds many"],
    [{ rounds: "2" }, "--rounds 2"],
    [{ rounds: "7.5" }, "--rounds 7.5"],
    [{ budget: "20" }, "--budget 20"],
    [{ budget: "0s" }, "--budget 0s"],
    [{ precision: "0%" }, "--precision 0%"],
    [{ precision: "200%" }, "--precision 200%"],
    [{ tol: "near" }, "--tol near"],
    [{ tol: -1 }, "--tol -1"],
  ])("refuse %j", (texts, message) => {
    expect(() => readOptions(texts)).toThrow(expect.objectContaining({ code: "benchOption" }));
    expect(() => readOptions(texts)).toThrow(`${message} cannot be read.`);
  });

  it("say the tolerance in words", () => {
    expect(toleranceText({ ulps: 4 })).toBe("4 ULP");
    expect(toleranceText({ relative: 1e-9 })).toBe("1e-9");
  });
});
