import fc from "fast-check";
import { expect, it } from "vitest";
import { TandemError } from "../errors.ts";
import { compareOutputs } from "./compare.ts";
import { renderPage } from "./html/page.ts";
import { parseNotebook } from "./notebook.ts";
import { readPercent } from "./percent/read.ts";
import { updatedNotebook } from "./percent/to-notebook.ts";
import { writePercent } from "./percent/write.ts";
import { strippedText } from "./strip.ts";

/** Any JSON under the names that are read, and names that JavaScript gives a meaning. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom({ toString: 1 }, { __proto__: null }, [{ toString: 0 }], { constructor: 1 }, "text", [
    "a\n",
    "b",
  ]),
);
const any = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, odd])), { requiredKeys: [] });
const output = fc.oneof(
  odd,
  fc
    .tuple(
      fc.constantFrom("stream", "error", "display_data", "execute_result"),
      any("name", "text", "ename", "evalue", "traceback", "metadata"),
      any(
        "text/plain",
        "text/html",
        "image/png",
        "image/svg+xml",
        "text/markdown",
        "application/json",
        "text/latex",
      ),
    )
    .map(([output_type, fields, data]) => ({ output_type, ...fields, data })),
);
const cell = fc.oneof(
  { weight: 1, arbitrary: odd },
  {
    weight: 9,
    arbitrary: fc
      .tuple(
        fc.constantFrom("code", "markdown", "raw"),
        any("id", "metadata", "attachments", "execution_count"),
        fc.oneof(odd, fc.constantFrom("# ![a](attachment:a.png)", "%%rust\nfn f() {}", "1")),
        fc.oneof(odd, fc.array(output, { maxLength: 3 })),
      )
      .map(([cell_type, fields, source, outputs]) => ({ cell_type, ...fields, source, outputs })),
  },
);
const notebook = fc
  .tuple(any("metadata", "nbformat_minor"), fc.array(cell, { maxLength: 3 }))
  .map(([fields, cells]) => JSON.stringify({ ...fields, nbformat: 4, cells }));

it("takes any file for what it is: read, stripped, compared, drawn and converted, or refused with a reason", () => {
  let taken = 0;
  fc.assert(
    fc.property(notebook, (text) => {
      let read: ReturnType<typeof parseNotebook>;
      try {
        read = parseNotebook(text, "a.ipynb");
      } catch (error) {
        expect(error).toBeInstanceOf(TandemError);
        return;
      }
      taken++;
      JSON.parse(strippedText(read));
      const cells = new Map(
        read.cells.map(({ index, outputs, tags }) => {
          expect(compareOutputs(outputs, outputs, tags)).toBeUndefined();
          return [index, { outputs }];
        }),
      );
      renderPage({ title: "", facts: [], notebook: read, folder: "/", cells });
      JSON.parse(updatedNotebook(read, readPercent(writePercent(read))));
    }),
    { numRuns: 400 },
  );
  // Not all of them were refused.
  expect(taken).toBeGreaterThan(100);
});
