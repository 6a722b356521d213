import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonEditor } from "./json-edit.ts";
import { itemsOf, membersOf, valueAt } from "./json-text.ts";
import { cellPlaces, parseNotebook, withRuns } from "./notebook.ts";
import { strippedText } from "./strip.ts";

/** A value's JSON in any style: spaces, line ends, escapes of letters, forms of numbers. */
const written = (value: unknown): fc.Arbitrary<string> => {
  const space = fc.constantFrom("", " ", "\n  ", "\r\n\t");
  const padded = (text: fc.Arbitrary<string>) => fc.tuple(space, text, space).map((parts) => parts.join(""));
  if (typeof value === "string") {
    const plain = JSON.stringify(value);
    const escaped = plain.replace(
      /[^\0-~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    return padded(fc.constantFrom(plain, escaped));
  }
  if (typeof value === "number") {
    const forms = Number.isSafeInteger(value) && value > 0 ? [`${value}`, `${value}.0`, `${value}e0`] : [];
    return padded(fc.constantFrom(JSON.stringify(value), ...forms));
  }
  if (Array.isArray(value)) {
    return padded(fc.tuple(...value.map(written)).map((items) => `[${items.join(",") || " "}]`));
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, item]) =>
      fc.tuple(written(key), written(item)).map((pair) => pair.join(":")),
    );
    return padded(fc.tuple(...members).map((texts) => `{${texts.join(",")}}`));
  }
  return padded(fc.constant(JSON.stringify(value)));
};

const anyJson = fc.jsonValue({ maxDepth: 4 });
const cell = fc
  .record({
    cell_type: fc.constantFrom("code", "markdown", "raw"),
    id: fc.string({ minLength: 1, maxLength: 8 }),
    metadata: fc.dictionary(fc.string(), anyJson, { maxKeys: 3 }),
    source: fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    ),
    extra: anyJson,
    outputs: fc.array(fc.dictionary(fc.string(), anyJson, { maxKeys: 2 }), { maxLength: 2 }),
    execution_count: fc.constantFrom(null, 1, 12),
  })
  // In an order of its own.
  .chain((members) =>
    fc
      .shuffledSubarray(Object.entries(members), { minLength: 7 })
      .map((entries) => Object.fromEntries(entries)),
  );
const notebook = fc
  .record({
    cells: fc.array(cell, { maxLength: 4 }),
    metadata: fc.dictionary(fc.string(), anyJson, { maxKeys: 2 }),
  })
  .chain((parts) =>
    written({ ...parts, nbformat: 4, nbformat_minor: 5 }).map((text) => ({ text, cells: parts.cells })),
  );

/** The text with the cells' outputs and counts cut out. */
function without(text: string): string {
  const places = cellPlaces(text)
    .flatMap((place) => membersOf(text, place))
    .filter(({ name }) => name === "outputs" || name === "execution_count");
  let result = "";
  let from = 0;
  for (const { value } of places.sort((a, b) => a.value.start - b.value.start)) {
    result += `${text.slice(from, value.start)}#`;
    from = value.end;
  }
  return result + text.slice(from);
}

it("finds every value of a text", () => {
  fc.assert(
    fc.property(
      anyJson.chain((value) => fc.tuple(fc.constant(value), written(value))),
      ([value, text]) => {
        const parsed = JSON.parse(text);
        const place = valueAt(text, 0);
        expect(JSON.parse(text.slice(place.start, place.end))).toEqual(parsed);
        if (Array.isArray(value)) {
          const items = itemsOf(text, place).map(({ start, end }) => JSON.parse(text.slice(start, end)));
          expect(items).toEqual(parsed);
        } else if (typeof value === "object" && value !== null) {
          const members = membersOf(text, place);
          expect(members.map(({ name }) => name)).toEqual(Object.keys(value));
          for (const { name, value: at } of members) {
            expect(JSON.parse(text.slice(at.start, at.end))).toEqual(
              Object.entries(parsed).find(([key]) => key === name)?.[1],
            );
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});

it("a run changes outputs and counts and no byte besides", () => {
  fc.assert(
    fc.property(notebook, anyJson, ({ text, cells }, data) => {
      const code = cells.flatMap((one, index) => (one.cell_type === "code" ? [index] : []));
      const run = { executionCount: 3, outputs: [{ output_type: "display_data", data }] };
      const result = withRuns(parseNotebook(text, "a.ipynb"), new Map(code.map((index) => [index, run])));
      const parsed = JSON.parse(result);
      for (const index of code)
        expect(parsed.cells[index].outputs).toEqual(JSON.parse(JSON.stringify(run.outputs)));
      expect(without(result)).toBe(without(text));
      // And what comes out as it was is not written anew.
      const same = new Map(
        code.map((index) => [
          index,
          {
            executionCount: cells[index]?.execution_count as number | null,
            outputs: cells[index]?.outputs as [],
          },
        ]),
      );
      expect(withRuns(parseNotebook(text, "a.ipynb"), same)).toBe(text);
    }),
    { numRuns: 200 },
  );
});

it("stripping empties outputs and counts of code cells and changes no byte besides", () => {
  fc.assert(
    fc.property(notebook, ({ text }) => {
      const stripped = strippedText(parseNotebook(text, "a.ipynb"));
      for (const one of JSON.parse(stripped).cells) {
        if (one.cell_type === "code") expect([one.outputs, one.execution_count]).toEqual([[], null]);
      }
      expect(without(stripped)).toBe(without(text));
      expect(strippedText(parseNotebook(stripped, "a.ipynb"))).toBe(stripped);
    }),
    { numRuns: 200 },
  );
});

it("inserting an item keeps every byte around it", () => {
  fc.assert(
    fc.property(
      fc.array(anyJson, { maxLength: 3 }).chain((list) => fc.tuple(fc.constant(list), written(list))),
      fc.nat(3),
      anyJson,
      ([list, text], at, value) => {
        const index = Math.min(at, list.length);
        const editor = new JsonEditor(text);
        editor.insert(valueAt(text, 0), index, value);
        const result = editor.result();
        const parsed = JSON.parse(text);
        parsed.splice(index, 0, JSON.parse(JSON.stringify(value)));
        expect(JSON.parse(result)).toEqual(parsed);
        // What was there stands in it still, before and behind.
        const items = itemsOf(text, valueAt(text, 0));
        const split = items[index]?.start ?? items.at(-1)?.end;
        if (split !== undefined) {
          expect(result.startsWith(text.slice(0, split))).toBe(true);
          expect(result.endsWith(text.slice(split))).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});

it("does not care how deep values nest", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  expect(valueAt(deep, 0)).toEqual({ start: 0, end: 400_000 });
});
