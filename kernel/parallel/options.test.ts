import { expect, test } from "vitest";
import { checkOptions, milliseconds, optionsOfLine } from "./options.ts";

test("what is left out is the default", () => {
  expect(checkOptions({}, 8)).toEqual({
    workers: 8,
    chunk: undefined,
    force: false,
    timeout: undefined,
    keepGoing: false,
    retries: 0,
    share: [],
    move: false,
    trace: false,
    isolate: false,
    explain: false,
  });
});

test("the magic line's options are those of pmap", () => {
  const line = new Map<string, true | string>([
    ["n", "4"],
    ["chunk", "auto"],
    ["timeout", "2min"],
    ["keep-going", true],
    ["force", true],
  ]);
  expect(optionsOfLine(line)).toEqual({ n: 4, timeout: 120_000, keepGoing: true, force: true });
});

test("retries may be none, and not a fraction; --on says that it is not there", () => {
  expect(optionsOfLine(new Map([["retries", "0"]]))).toEqual({ retries: 0 });
  expect(() => optionsOfLine(new Map([["retries", "1.5"]]))).toThrow("from 0 to 100");
  expect(() => optionsOfLine(new Map([["on", "farm"]]))).toThrow("not in this version");
});

test.each([
  ["30s", 30_000],
  ["0.5s", 500],
  ["250ms", 250],
  ["1h", 3_600_000],
  [40, 40],
])("%j is %d ms", (time, ms) => expect(milliseconds(time)).toBe(ms));

test.each(["", "30", "s", "-1s", "1 day", 0, -5, Number.NaN])("%j is no time", (time) =>
  expect(() => milliseconds(time)).toThrow(/a time such as/),
);

test.each([{ n: 0 }, { n: 1.5 }, { n: 300 }, { chunk: 0 }, { chunk: "many" }, { workers: 2 }])(
  "%j is refused",
  (options) => expect(() => checkOptions(options as never, 2)).toThrow(/option/),
);
