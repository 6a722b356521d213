import { expect, test } from "vitest";
import { withLanguages } from "../../../test/language-client.ts";

test("cells that are inserted one right after the other know each other", async () => {
  await withLanguages({}, async (client) => {
    const notebook = client.open(["const here = 1"]);
    notebook.insert(0, {
      language: "python",
      text: "%%python\ndef triple(n: float) -> float:\n    return 3 * n",
    });
    notebook.insert(1, 'await py.triple("three")');
    const found = await notebook.diagnosed(1);
    expect(found.map(({ message }) => message)).toEqual([
      "Argument of type 'string' is not assignable to parameter of type 'number'.",
    ]);
  });
});

test("a name that is no longer declared is missed where it is used", async () => {
  await withLanguages({}, async (client) => {
    const notebook = client.open(["const before = 1", "before + 1", "nowhere"]);
    await notebook.diagnosed(2);
    notebook.edit(0, "const after = 1");
    const found = await notebook.diagnosed(1);
    expect(found.map(({ message }) => message)).toEqual(["Cannot find name 'before'."]);
  });
});
