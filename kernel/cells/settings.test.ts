import { expect, test } from "vitest";
import { configure, defaultSettings, showSettings } from "./settings.ts";

test("a size is read with any unit and written with the best", () => {
  const settings = defaultSettings();
  const after = (text: string) => {
    configure(settings, `output_limit = ${text}`);
    return showSettings(settings).match(/output_limit = (.*?) {3}/)?.[1];
  };
  expect(after("2 MB")).toBe("2 MB");
  expect(after("1500kb")).toBe("1.5 MB");
  expect(after("'1.5G'")).toBe("1.5 GB");
  expect(after("20_000")).toBe("20 KB");
  expect(after("7")).toBe("7 characters");
  expect(after("off")).toBe("off");
  expect(settings.output_limit).toBe(Number.POSITIVE_INFINITY);
});

test.each(["output_limit = much", "output_limit = -1", "output_limit =", "check = sometimes"])(
  "%s is refused and changes nothing",
  (text) => {
    const settings = defaultSettings();
    expect(() => configure(settings, text)).toThrow(/is not|cannot/);
    expect(settings).toEqual(defaultSettings());
  },
);

test("a name that is no setting is told, with the nearest", () => {
  expect(() => configure(defaultSettings(), "output_limits = 3")).toThrow("output_limit");
  expect(() => configure(defaultSettings(), "constructor = 3")).toThrow("constructor");
});
