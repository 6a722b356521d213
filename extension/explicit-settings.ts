/** Settings that were written by somebody; nothing here knows VS Code. */

/**
 * A section of settings without what only has its default. VS Code's `js/ts.…` settings have defaults that would stand above the
 * older `typescript.…` ones, which people have set. `isSet`: whether the setting at this path below the section was written.
 */
export function explicitSettings(value: unknown, isSet: (path: string) => boolean, path = ""): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return isSet(path) ? value : undefined;
  const entries = Object.entries(value).flatMap(([key, one]) => {
    const kept = explicitSettings(one, isSet, path === "" ? key : `${path}.${key}`);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
