import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../errors.ts";

/** Where results are kept, beside the notebook. */
export const savedFolder = (folder: string): string => join(folder, ".tandem", "bench");

/** The names under which results are kept there. */
export function savedNames(folder: string): string[] {
  try {
    return readdirSync(savedFolder(folder)).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  } catch {
    return [];
  }
}

/** A name that can be a file's; throws the catalogue's error on another. */
export function checkedName(option: string, name: string): string {
  if (!/^[\w-][\w.-]*$/.test(name))
    throw fail("benchOption", option, name, "a name of letters, digits, . _ and -");
  return name;
}
