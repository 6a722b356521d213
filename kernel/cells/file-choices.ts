import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Choice, ChoicePlace } from "./magic.ts";

/** Folders, and the files whose names fit, that a path which is begun could go on to. `files`: left out for none. */
export function fileChoices({ folder, begun }: ChoicePlace, files: RegExp | undefined): readonly Choice[] {
  const inside = begun.slice(0, begun.lastIndexOf("/") + 1);
  const hidden = begun.slice(inside.length).startsWith(".");
  try {
    return readdirSync(resolve(folder, inside), { withFileTypes: true })
      .filter((one) => (hidden || !one.name.startsWith(".")) && one.name !== "node_modules")
      .flatMap((one) =>
        one.isDirectory()
          ? { text: `${inside}${one.name}/` }
          : files?.test(one.name)
            ? { text: inside + one.name }
            : [],
      );
  } catch {
    return [];
  }
}
