/** Node's names on globalThis that are enumerable; the language's own, and the rest of Node's, are not. */
const ENUMERABLE: ReadonlySet<string> = new Set([
  "global",
  "clearImmediate",
  "setImmediate",
  "clearInterval",
  "clearTimeout",
  "setInterval",
  "setTimeout",
  "queueMicrotask",
  "structuredClone",
  "atob",
  "btoa",
  "performance",
  "fetch",
  "navigator",
  "crypto",
]);

/** Whether a name on globalThis is the language's or Node's, so that a worker has it too; what user code puts there is enumerable. */
export function isBuiltIn(name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  // `_` is the last value.
  if (name === "_") return false;
  return descriptor !== undefined && (!descriptor.enumerable || ENUMERABLE.has(name));
}
