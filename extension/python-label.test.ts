import { expect, it } from "vitest";
import { interpreterLabel } from "./python-label.ts";

const result = (about: unknown) => ({ outputType: "execute_result", metadata: { tandem: about } });

it("tells version and lock of the latest output that came from Python", () => {
  expect(interpreterLabel([result({ python: "3.11.7", gil: true })])).toBe("Python 3.11.7, GIL on");
  const later = [result({ python: "3.11.7", gil: true }), result({ python: "3.13.0", gil: false })];
  expect(interpreterLabel([...later, { outputType: "stream" }])).toBe("Python 3.13.0, GIL off");
});

it("tells nothing of other outputs, whatever their metadata", () => {
  expect(interpreterLabel([])).toBeUndefined();
  expect(
    interpreterLabel([undefined, { metadata: null }, { metadata: { tandem: 3 } }, result({})]),
  ).toBeUndefined();
});
