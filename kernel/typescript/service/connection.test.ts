import { expect, test } from "vitest";
import { ourSettings } from "./connection.ts";

const ours = "**/.tandem-*";

test.each([
  ["none", null, { autoImportFileExcludePatterns: [ours] }],
  [
    "others",
    { preferences: { quoteStyle: "single" } },
    { quoteStyle: "single", autoImportFileExcludePatterns: [ours] },
  ],
  [
    "the user's patterns",
    { preferences: { autoImportFileExcludePatterns: ["**/old"] } },
    { autoImportFileExcludePatterns: ["**/old", ours] },
  ],
  ["nonsense", { preferences: 1 }, { autoImportFileExcludePatterns: [ours] }],
])(
  "our documents are not to be offered as imports, beside %s in the settings",
  (_what, given, preferences) => {
    expect(ourSettings(given)).toEqual({ preferences, disableAutomaticTypeAcquisition: true });
  },
);
