import { expect, test } from "vitest";
import { explicitSettings } from "./explicit-settings.ts";

test("settings that only have their defaults are left out", () => {
  const section = {
    inlayHints: { variableTypes: { enabled: false }, parameterNames: { enabled: "all" } },
    format: { enabled: true },
  };
  const written = new Set(["inlayHints.parameterNames.enabled"]);
  expect(explicitSettings(section, (path) => written.has(path))).toEqual({
    inlayHints: { parameterNames: { enabled: "all" } },
  });
  expect(explicitSettings(section, () => false)).toBeUndefined();
});
